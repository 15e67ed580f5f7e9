// Draws each chart from the table behind it, over the picture that the server drew for those without scripts.
import {
  ArcElement,
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  DoughnutController,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from 'chart.js'

Chart.register(ArcElement, BarController, BarElement, CategoryScale, DoughnutController, LinearScale)
Chart.register(LineController, LineElement, PointElement, Tooltip)

const locale = document.documentElement.lang
const percent = new Intl.NumberFormat(locale, { style: 'percent' })
const STATES = { passed: 'chart-passed', failed: 'chart-failed', unknown: 'chart-unknown' }
const KINDS = { doughnut: doughnutOf, trend: trendOf, load: loadOf, bars: barsOf }

/** Canvas → what it shows. */
const drawn = new Map()

function drawAll() {
  for (const canvas of drawn.keys()) if (!canvas.isConnected) forget(canvas)
  for (const figure of document.querySelectorAll('[data-chart]')) draw(figure)
}

function draw(figure) {
  const canvas = figure.querySelector('canvas')
  const behind = figure.dataset.table
    ? document.getElementById(figure.dataset.table)
    : figure.querySelector('table')
  const table = behind.innerHTML
  if (drawn.get(canvas)?.table === table) return
  drawn.get(canvas)?.chart.destroy()
  canvas.dataset.drawn = ''
  const rows = [...behind.querySelectorAll('tr[data-count], tr[data-ms], tr[data-t], tr[data-at]')]
  const { config, openable } = KINDS[figure.dataset.chart](rows, figure)
  const chart = new Chart(canvas, config)
  drawn.set(canvas, { table, chart })
  if (openable) offerKeys(canvas, chart, openable, figure.querySelector('[role="status"]'))
}

function forget(canvas) {
  drawn.get(canvas).chart.destroy()
  drawn.delete(canvas)
}

function redraw() {
  for (const canvas of drawn.keys()) forget(canvas)
  drawAll()
}

/** What a token of views/styles/tokens.css is in the theme that is shown. */
function colour(token, share = 100) {
  const probe = document.createElement('span')
  probe.style.color = `color-mix(in srgb, var(--color-${token}) ${share}%, transparent)`
  document.body.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}

function common() {
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily
  Chart.defaults.color = colour('muted')
  return { maintainAspectRatio: false, animation: still ? false : { duration: 400 }, locale }
}

function tooltip(text) {
  return {
    backgroundColor: colour('ink'),
    bodyColor: colour('ground'),
    padding: 10,
    cornerRadius: 10,
    displayColors: false,
    callbacks: { title: () => '', label: text },
  }
}

function doughnutOf(rows) {
  const dataset = {
    data: rows.map(row => Number(row.dataset.count)),
    backgroundColor: rows.map(row => colour(`chart-${row.dataset.part}`)),
    borderWidth: 0,
    borderRadius: 4,
    spacing: rows.length > 1 ? 3 : 0,
  }
  const text = ({ dataIndex }) => [...rows[dataIndex].children].map(cell => cell.textContent).join(': ')
  const plugins = { tooltip: tooltip(text) }
  const options = { ...common(), cutout: '80%', layout: { padding: 2 }, plugins }
  return { config: { type: 'doughnut', data: { datasets: [dataset] }, options } }
}

/** The table has the newest run on top, the chart at its right. */
function trendOf(rows) {
  const runs = rows.toReversed().map(row => ({ ...row.dataset, url: row.querySelector('a').href }))
  const open = index =>
    document.querySelector(`[data-chart] a[href="${new URL(runs[index].url).pathname}"]`).click()
  const options = {
    ...common(),
    interaction: { mode: 'index', intersect: false },
    layout: { padding: { top: 8 } },
    onClick: (_event, [element]) => element && open(element.index),
    onHover: ({ native }, [element]) => {
      native.target.style.cursor = element ? 'pointer' : 'default'
    },
    plugins: { tooltip: { ...tooltip(() => null), filter: item => item.datasetIndex === 0 } },
    scales: scalesFor(runs),
  }
  options.plugins.tooltip.callbacks.label = ({ dataIndex }) => runs[dataIndex].text
  const data = { labels: runs.map(run => run.build), datasets: [rateOf(runs), durationOf(runs)] }
  return { config: { type: 'bar', data, options }, openable: { runs, open } }
}

function rateOf(runs) {
  const colours = runs.map(run => colour(STATES[run.state] ?? 'chart-broken'))
  return {
    type: 'line',
    data: runs.map(run => Number(run.good)),
    borderColor: colour('chart-passed'),
    borderWidth: 2,
    tension: 0.25,
    pointBackgroundColor: colours,
    pointBorderColor: colour('card'),
    pointStyle: runs.map(run => (run.state === 'failed' ? 'rectRot' : 'circle')),
    pointBorderWidth: 2,
    pointRadius: 6,
    pointHoverRadius: 8,
    clip: 10,
  }
}

function durationOf(runs) {
  return {
    type: 'bar',
    data: runs.map(run => Number(run.ms)),
    backgroundColor: colour('accent', 40),
    borderRadius: 3,
    maxBarThickness: 18,
    yAxisID: 'yDuration',
  }
}

function scalesFor(runs) {
  const border = { display: false }
  return {
    x: { grid: { display: false }, border, ticks: { maxRotation: 0, autoSkipPadding: 12 } },
    y: {
      min: 0,
      max: 1,
      border,
      grid: { color: colour('line') },
      ticks: { stepSize: 0.5, callback: value => percent.format(value) },
    },
    // Below the line: the longest bar takes a quarter of the height.
    yDuration: { display: false, min: 0, max: 4 * Math.max(1, ...runs.map(run => Number(run.ms))) },
  }
}

/** Users on the left; requests and times, which have other units, on the right. */
function loadOf(rows, figure) {
  const names = JSON.parse(figure.dataset.names)
  const points = rows.map(row => row.dataset)
  const datasets = [
    lineOf(points, 'users', { label: names.users, colour: colour('accent') }),
    lineOf(points, 'planned', { label: names.planned, colour: colour('muted'), borderDash: [5, 4] }),
    lineOf(points, 'rps', { label: names.rps, colour: colour('chart-passed'), yAxisID: 'yRps' }),
    lineOf(points, 'p95', { label: names.p95, colour: colour('chart-broken'), yAxisID: 'yP95' }),
    errorsOf(points, names.errors),
  ]
  const text = ({ dataset, formattedValue }) => `${dataset.label}: ${formattedValue}`
  const options = {
    ...{ ...common(), animation: false, interaction: { mode: 'index', intersect: false } },
    plugins: { tooltip: tooltip(text) },
    scales: loadScales(points, names),
  }
  const labels = points.map(({ t }) => `${Math.round(t)} s`)
  return { config: { type: 'line', data: { labels, datasets }, options } }
}

function lineOf(points, name, { colour: borderColor, ...more }) {
  const data = points.map(point => (point[name] === '' ? null : Number(point[name])))
  return { type: 'line', data, borderColor, borderWidth: 2, pointRadius: 0, tension: 0.2, ...more }
}

function errorsOf(points, label) {
  const data = points.map(({ errors }) => Number(errors))
  return { type: 'bar', label, data, backgroundColor: colour('chart-failed', 60), yAxisID: 'yErrors' }
}

function loadScales(points, names) {
  const border = { display: false }
  const side = (text, more) => ({ min: 0, border, title: { display: true, text }, ...more })
  const right = { position: 'right', grid: { display: false } }
  const most = Math.max(1, ...points.map(({ errors }) => Number(errors)))
  return {
    x: { grid: { display: false }, border, ticks: { maxRotation: 0, autoSkipPadding: 16 } },
    y: side(names.users, { grid: { color: colour('line') } }),
    yRps: side(names.rps, right),
    yP95: side(names.p95, right),
    // The most take a third of the height.
    yErrors: { display: false, min: 0, max: 3 * most },
  }
}

/** One figure of each row; the table has the newest on top. */
function barsOf(rows, { dataset: { field, most, part } }) {
  const text = `${field}Text`
  const points = rows.toReversed().map(row => row.dataset)
  const dataset = {
    data: points.map(point => (point[field] === '' ? null : Number(point[field]))),
    backgroundColor: points.map(({ state }) => barColour(state || part)),
    ...{ borderRadius: 3, maxBarThickness: 26 },
  }
  const border = { display: false }
  const options = {
    ...{ ...common(), interaction: { mode: 'index', intersect: false } },
    plugins: { tooltip: tooltip(({ dataIndex }) => points[dataIndex][text]) },
    scales: {
      x: { grid: { display: false }, border, ticks: { maxRotation: 0, autoSkipPadding: 12 } },
      y: { min: 0, max: most && Number(most), border, display: false },
    },
  }
  const labels = points.map(({ at }) => at)
  return { config: { type: 'bar', data: { labels, datasets: [dataset] }, options } }
}

function barColour(part) {
  return part && part !== 'duration' ? colour(`chart-${part}`) : colour('accent', 55)
}

const SILENT_MS = 4_000
let lastPoint = { total: null, at: 0 }

/** Also where nothing reaches this page any more. */
function markSilence() {
  const mark = document.querySelector('[data-silence]')
  if (!mark) return
  const { silence: total, age } = mark.dataset
  if (total !== lastPoint.total) lastPoint = { total, at: performance.now() - Number(age) }
  mark.hidden = performance.now() - lastPoint.at < SILENT_MS
}

const STEPS = { ArrowLeft: at => at - 1, ArrowRight: at => at + 1, Home: () => 0, End: () => Infinity }

/** What the mouse can, the keyboard can: arrows go from run to run, Enter opens one. */
function offerKeys(canvas, chart, { runs, open }, status) {
  let at = runs.length - 1
  const show = () => {
    const { x, y } = chart.getDatasetMeta(0).data[at]
    const active = [{ datasetIndex: 0, index: at }]
    chart.setActiveElements(active)
    chart.tooltip.setActiveElements(active, { x, y })
    chart.update()
    status.textContent = runs[at].text
  }
  canvas.tabIndex = 0
  canvas.onfocus = () => canvas.matches(':focus-visible') && show()
  canvas.onblur = () => {
    chart.setActiveElements([])
    chart.tooltip.setActiveElements([], { x: 0, y: 0 })
    chart.update()
  }
  canvas.onkeydown = event => {
    if (event.key === 'Enter') return open(at)
    const step = STEPS[event.key]
    if (!step) return
    event.preventDefault()
    at = Math.min(runs.length - 1, Math.max(0, step(at)))
    show()
  }
}

drawAll()
setInterval(markSilence, 250)
document.addEventListener('htmx:after:swap', drawAll)
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw)
