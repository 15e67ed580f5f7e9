const SHORTEST = { ADMIN_PASSWD: 12, JWT_SECRET: 32, WEBHOOK_TOKEN: 16 } as const

type Name = keyof typeof SHORTEST

/** Words that are tried first, and what our own documents write in examples. */
const KNOWN = [
  ...['admin', 'administrator', 'password', 'passwd', 'changeme', 'secret', 'letmein', 'welcome', 'default'],
  ...['qwerty', 'abc123', 'test', 'root', 'crat', 'jenkins', 'token', 'webhook', 'jwt'],
  ...['choose one', 'a long random text', 'its password', 'correct horse', 'correct horse battery staple'],
  ...['only for tests', 'only for the webhook', 'your secret key', 'replace me'],
]

const bare = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '')
const known = KNOWN.map(bare).sort((a, b) => b.length - a.length)

export function weakSecrets(
  env: Partial<Record<Name | 'ALLOW_WEAK_SECRETS', string>>,
): { name: Name; message: string }[] {
  if (env.ALLOW_WEAK_SECRETS === 'true') return []
  return (Object.keys(SHORTEST) as Name[]).flatMap(name => {
    const problem = problemOf(env[name], SHORTEST[name])
    const message = `must ${problem} (ALLOW_WEAK_SECRETS=true lets it pass; \`openssl rand -hex 32\` makes a good one)`
    return problem ? [{ name, message }] : []
  })
}

function problemOf(secret: string | undefined, shortest: number): string | null {
  if (secret === undefined) return null
  if (isKnown(secret)) return 'not be known words and digits'
  if (secret.length < shortest) return `have ${shortest} characters or more`
  if (new Set(secret).size < 6) return 'have more than five different characters'
  return null
}

/** Also where known words are repeated, joined, or followed by digits. */
function isKnown(secret: string): boolean {
  const rest = known.reduce((left, word) => left.replaceAll(word, ''), bare(secret))
  return bare(secret) !== '' && /^\d*$/.test(rest)
}
