import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useEffect, type ReactNode } from 'react'
import { ApiError } from '@/api/client'
import { hospital } from '@/api/endpoints'
import { useIncidentList } from '@/api/incidents'
import { keys } from '@/api/keys'
import { learnAssets } from '@/api/names'
import { useText } from '@/api/text'
import type { Asset, AssetDetail, Neighbour } from '@/api/types'
import { useI18n } from '@/lib/i18n'
import { duration } from '@/lib/time'
import { AssetName } from '@/ui/AssetName'
import { Icon, kindIcon } from '@/ui/Icon'
import { Answer, Empty } from '@/ui/Notes'
import { Panel } from '@/ui/Panel'
import { SeverityChip } from '@/ui/Severity'
import { Criticality } from './AssetsPage'
import './assets.css'

export function AssetPage() {
  const { t } = useI18n()
  const { id } = useParams({ from: '/assets/$id' })
  const query = useQuery({ queryKey: keys.asset(id), queryFn: () => hospital.asset(id) })
  useEffect(() => {
    if (query.data) learnAssets([query.data.asset, ...query.data.path, ...query.data.neighbours.map((n) => n.asset)])
  }, [query.data])
  if (query.error instanceof ApiError && query.error.status === 404)
    return (
      <Empty icon="asset" text={t('assets.notFound')}>
        <Link className="btn" to="/assets">
          {t('assets.title')}
        </Link>
      </Empty>
    )
  return <Answer query={query}>{(detail) => <Detail detail={detail} />}</Answer>
}

function Detail({ detail: { asset, path, neighbours } }: { detail: AssetDetail }) {
  const { t, word } = useI18n()
  return (
    <div className="asset-page">
      <header className="asset-head">
        <nav aria-label={t('assets.place')}>
          <ol className="asset-path">
            {path.map((step) => (
              <li key={step.id}>
                <Link to="/assets/$id" params={{ id: step.id }}>
                  {step.name}
                </Link>
              </li>
            ))}
          </ol>
        </nav>
        <h1>
          <Icon name={kindIcon(asset.kind)} size={24} /> {asset.name}
        </h1>
        <p className="asset-about">
          <span>{word('kind', asset.kind)}</span>
          <span className="mono muted">{asset.id}</span>
          <Criticality value={asset.criticality} />
          {asset.hub && <span className="tag">{t('assets.hub')}</span>}
          {asset.tags?.map((tag) => (
            <span key={tag} className="tag tag-solid">
              {tag}
            </span>
          ))}
        </p>
      </header>
      <div className="asset-grid">
        <div className="asset-col">
          <OpenIncidents asset={asset} />
          <Neighbours title={t('assets.harmTo')} neighbours={neighbours.filter((n) => n.direction === 'out')} />
          <Neighbours title={t('assets.harmFrom')} neighbours={neighbours.filter((n) => n.direction !== 'out')} />
          {neighbours.length === 0 && <p className="muted">{t('assets.noNeighbours')}</p>}
        </div>
        <div className="asset-col">
          <Facts asset={asset} />
          <Identifiers asset={asset} />
          <Protections asset={asset} />
        </div>
      </div>
    </div>
  )
}

function OpenIncidents({ asset }: { asset: Asset }) {
  const { t, word } = useI18n()
  const text = useText()
  const { items } = useIncidentList('open', '')
  const here = items.filter((incident) => incident.place === asset.id || incident.outlook?.next === asset.id || incident.assets.some((a) => a.asset === asset.id))
  return (
    <Panel title={t('assets.openIncidents')} flush>
      {here.length === 0 ? (
        <p className="panel-body muted">{t('assets.noIncidents')}</p>
      ) : (
        <ul className="asset-incidents">
          {here.map((incident) => (
            <li key={incident.id}>
              <SeverityChip severity={incident.severity} />
              <Link to="/incidents/$id" params={{ id: incident.id }}>
                {text(incident.title)}
              </Link>
              <span className="muted">
                {incident.number} · {word('status', incident.status)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Neighbours({ title, neighbours }: { title: string; neighbours: Neighbour[] }) {
  const { word } = useI18n()
  if (neighbours.length === 0) return null
  const relations = [...new Set(neighbours.map((n) => n.relation))].sort()
  return (
    <Panel title={title} flush>
      {relations.map((relation) => (
        <section key={relation} className="neighbours">
          <h3>{word('relation', relation)}</h3>
          <ul>
            {neighbours
              .filter((n) => n.relation === relation)
              .map((n) => (
                <li key={`${n.asset.id}/${n.direction}`}>
                  <AssetName id={n.asset.id} />
                  <Dependency neighbour={n} />
                </li>
              ))}
          </ul>
        </section>
      ))}
    </Panel>
  )
}

function Dependency({ neighbour: { asset, dependency } }: { neighbour: Neighbour }) {
  const { t, word, percent } = useI18n()
  const about = [
    word('kind', asset.kind),
    dependency.autonomy_ns ? t('assets.autonomy', { time: duration(t, dependency.autonomy_ns / 1e9) }) : '',
    dependency.group ? t('assets.redundancy', { need: dependency.need ?? 1, group: dependency.group }) : '',
    dependency.likelihood && dependency.likelihood < 1 ? percent(dependency.likelihood) : '',
    dependency.note ?? '',
  ]
  return <span className="muted small">{about.filter(Boolean).join(' · ')}</span>
}

function Facts({ asset }: { asset: Asset }) {
  const { t } = useI18n()
  const facts: [string, ReactNode][] = [
    [t('assets.id'), <span className="mono">{asset.id}</span>],
    ...(asset.owner ? [[t('assets.owner'), asset.owner] satisfies [string, ReactNode]] : []),
    ...(asset.beds ? [[t('assets.beds'), asset.beds] satisfies [string, ReactNode]] : []),
    ...Object.entries(asset.attributes ?? {}).map(([name, value]): [string, ReactNode] => [name, value]),
  ]
  return (
    <Panel
      title={t('assets.attributes')}
      aside={
        <Link className="btn btn-small btn-quiet" to="/events" search={{ q: `asset:${asset.id}`, last: '24h' }}>
          {t('assets.searchEvents')}
        </Link>
      }
    >
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name} className="fact">
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}

function Identifiers({ asset }: { asset: Asset }) {
  const { t, word } = useI18n()
  return (
    <Panel title={t('assets.identifiers')}>
      {asset.identifiers?.length ? (
        <dl className="facts">
          {asset.identifiers.map((identifier) => (
            <div key={`${identifier.kind}/${identifier.value}`} className="fact">
              <dt>{word('by', identifier.kind)}</dt>
              <dd className="mono">{identifier.value}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <p className="muted">{t('assets.noIdentifiers')}</p>
      )}
    </Panel>
  )
}

function Protections({ asset }: { asset: Asset }) {
  const { t, word, percent } = useI18n()
  return (
    <Panel title={t('assets.protections')}>
      {asset.protections?.length ? (
        <ul className="protections">
          {asset.protections.map((protection, index) => (
            <li key={index}>
              <b>{percent(protection.degree)}</b> {t('assets.against', { threat: word('threat', protection.against).toLowerCase() })}
              {protection.by?.map((by) => (
                <span key={by}> · <AssetName id={by} /></span>
              ))}
              {protection.note && <span className="muted small"> {protection.note}</span>}
            </li>
          ))}
        </ul>
      ) : (
        <p className="muted">{t('assets.noProtections')}</p>
      )}
    </Panel>
  )
}
