// Makes the API's types from docs/reference/openapi.json. The records' named
// strings (severity, status ...) carry no enum in the document, because the
// server's types do not; the values they can have are told here, so that the
// compiler knows them.
import { readFileSync, writeFileSync } from 'node:fs'
import openapiTS, { astToString } from 'openapi-typescript'

const from = new URL(process.argv[2] ?? '../../docs/reference/openapi.json', import.meta.url)
const to = new URL('../src/api/gen/schema.d.ts', import.meta.url)

const severity = ['info', 'low', 'medium', 'high', 'critical']
const verdict = ['', 'confirmed', 'refuted']
const values = {
  'Incident.severity': severity,
  'Incident.status': ['new', 'acknowledged', 'in-progress', 'resolved', 'closed'],
  'Alert.severity': severity,
  'TimelineEntry.severity': severity,
  'Impact.severity': severity,
  'Impact.verdict': verdict,
  'Affected.verdict': verdict,
  'ServiceImpact.severity': severity,
  'CareState.severity': severity,
  'Notice.severity': severity,
  'RuleStatus.severity': severity,
  'Task.state': ['open', 'doing', 'done', 'skipped'],
}

const document = JSON.parse(readFileSync(from, 'utf8'))
for (const [name, list] of Object.entries(values)) {
  const [schema, property] = name.split('.')
  const found = document.components.schemas[schema]?.properties?.[property]
  if (!found) throw new Error(`the document has no ${name}`)
  if (!found.enum) found.enum = list
}
writeFileSync(to, '/* Made by scripts/gen.mjs from docs/reference/openapi.json. */\n' + astToString(await openapiTS(document)))
