import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { it } from 'node:test'
import { validate as deployment } from 'kubernetes-models/_schemas/IoK8sApiAppsV1Deployment'
import { validate as configMap } from 'kubernetes-models/_schemas/IoK8sApiCoreV1ConfigMap'
import { validate as namespace } from 'kubernetes-models/_schemas/IoK8sApiCoreV1Namespace'
import { validate as persistentVolumeClaim } from 'kubernetes-models/_schemas/IoK8sApiCoreV1PersistentVolumeClaim'
import { validate as secret } from 'kubernetes-models/_schemas/IoK8sApiCoreV1Secret'
import { validate as service } from 'kubernetes-models/_schemas/IoK8sApiCoreV1Service'
import { validate as ingress } from 'kubernetes-models/_schemas/IoK8sApiNetworkingV1Ingress'
import { validate as podDisruptionBudget } from 'kubernetes-models/_schemas/IoK8sApiPolicyV1PodDisruptionBudget'
import { parseAllDocuments } from 'yaml'
import { recordSeen } from './seen-fields.ts'

// What a manifest holds: the schemas say what that is.
type Manifest = ReturnType<typeof JSON.parse>

const folder = new URL('../../ops/kubernetes/', import.meta.url)
const files = (await readdir(folder)).filter(name => name.endsWith('.yaml')).sort()
const manifests: Manifest[] = []
for (const file of files) {
  const documents = parseAllDocuments(await readFile(new URL(file, folder), 'utf8'))
  for (const document of documents) manifests.push({ file, ...document.toJS() })
}

interface Validate {
  (value: unknown): boolean
  errors?: { instancePath: string; keyword: string }[] | null
}

const SCHEMAS: Record<string, Validate> = {
  ...{ ConfigMap: configMap, Deployment: deployment, Ingress: ingress, Namespace: namespace },
  ...{ PersistentVolumeClaim: persistentVolumeClaim, PodDisruptionBudget: podDisruptionBudget },
  ...{ Secret: secret, Service: service },
}
/** Not of Kubernetes itself: their own tools check them. */
const WITHOUT_SCHEMA = ['Kustomization', 'Cluster']

/** What the schema of Kubernetes says against a manifest, fields that it does not know included. */
function problemsOf({ file, ...manifest }: Manifest): string[] {
  const validate = SCHEMAS[manifest.kind]
  assert.ok(validate, `${file}: there is no schema of ${manifest.kind}`)
  const { value, unseen } = recordSeen(manifest)
  validate(value)
  const wrong = (validate.errors ?? []).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`)
  return [...wrong, ...unseen().map(path => `${path} is unknown`)]
}

const ofKind = (kind: string) => manifests.filter(manifest => manifest.kind === kind)
const named = (kind: string, name: string) => ofKind(kind).find(({ metadata }) => metadata.name === name)
const containerOf = ({ spec }: Manifest) => spec.template.spec.containers[0]

/** The Deployments whose pods have these labels. */
const selectedBy = (labels: Record<string, string>) =>
  ofKind('Deployment').filter(({ spec }) =>
    Object.entries(labels).every(([key, value]) => spec.template.metadata.labels[key] === value),
  )

for (const manifest of manifests.filter(({ kind }) => !WITHOUT_SCHEMA.includes(kind)))
  it(`${manifest.file}: ${manifest.kind} ${manifest.metadata.name} is valid`, () =>
    assert.deepEqual(problemsOf(manifest), []))

it('a wrong value and a field that is misspelt are noticed', () => {
  const [manifest] = structuredClone(ofKind('Deployment'))
  manifest.spec.replicas = 'two'
  containerOf(manifest).livenesProbe = {}
  assert.deepEqual(problemsOf(manifest), [
    '/spec/replicas type',
    '/spec/template/spec/containers/0/livenesProbe is unknown',
  ])
})

it('every file is applied', () => {
  const [{ resources }] = ofKind('Kustomization')
  assert.deepEqual([...resources, 'kustomization.yaml'].sort(), files)
})

it('every selector selects one Deployment, in the namespace of all', () => {
  const selectors = [
    ...['Deployment', 'PodDisruptionBudget'].flatMap(ofKind).map(({ spec }) => spec.selector.matchLabels),
    ...ofKind('Service').map(({ spec }) => spec.selector),
  ]
  for (const labels of selectors) assert.equal(selectedBy(labels).length, 1, JSON.stringify(labels))
  const [{ metadata }] = ofKind('Namespace')
  const namespaces = manifests.flatMap(({ metadata }) => metadata?.namespace ?? [])
  assert.deepEqual([...new Set(namespaces)], [metadata.name])
})

it('probes, Service and Ingress name ports that are there', () => {
  for (const deployment of ofKind('Deployment')) {
    const container = containerOf(deployment)
    const ports = container.ports.map(({ name }: Manifest) => name)
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'])
      assert.ok(ports.includes(container[probe].httpGet.port), `${deployment.metadata.name}: ${probe}`)
  }
  for (const { spec } of ofKind('Service')) {
    const [deployment] = selectedBy(spec.selector)
    const names = containerOf(deployment).ports.map(({ name }: Manifest) => name)
    for (const { targetPort } of spec.ports) assert.ok(names.includes(targetPort))
  }
  for (const { spec } of ofKind('Ingress')) {
    const { name, port } = spec.rules[0].http.paths[0].backend.service
    assert.ok(named('Service', name)?.spec.ports.some((each: Manifest) => each.name === port.name))
  }
})

it('kept reports and test scripts are one volume for all pods, which outlives them', () => {
  for (const deployment of ofKind('Deployment'))
    for (const folder of ['reports', 'script-bundles']) {
      const mount = containerOf(deployment).volumeMounts.find(
        ({ mountPath }: Manifest) => mountPath === `/data/${folder}`,
      )
      const { volumes } = deployment.spec.template.spec
      const volume = volumes.find(({ name }: Manifest) => name === mount?.name)
      const claim = named('PersistentVolumeClaim', volume?.persistentVolumeClaim?.claimName)
      assert.deepEqual(claim?.spec.accessModes, ['ReadWriteMany'], `${deployment.metadata.name}: ${folder}`)
      assert.equal(mount.subPath, folder)
    }
})

it('what is read from a ConfigMap or a Secret is there, and is a variable of CRAT', async () => {
  const variables = await readFile(new URL('../../.env.example', import.meta.url), 'utf8')
  for (const { envFrom } of ofKind('Deployment').map(containerOf)) {
    const [{ configMapRef }, { secretRef }] = envFrom
    const config = named('ConfigMap', configMapRef.name)?.data
    const secrets = named('Secret', secretRef.name)?.stringData
    for (const name of Object.keys({ ...config, ...secrets }))
      assert.match(variables, new RegExp(`^# ?${name}=|^${name}=`, 'm'))
  }
})
