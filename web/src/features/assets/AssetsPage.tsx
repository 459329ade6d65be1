import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { hospital } from '@/api/endpoints'
import { keys } from '@/api/keys'
import { learnAssets, useAssets } from '@/api/names'
import type { Asset } from '@/api/types'
import { useI18n } from '@/lib/i18n'
import { PlacePath } from '@/ui/AssetName'
import { SearchBox, Select } from '@/ui/Field'
import { Icon, kindIcon } from '@/ui/Icon'
import { Empty, ErrorNote, Loading, useSettled } from '@/ui/Notes'
import { Segments } from '@/ui/Segments'
import { VirtualTable, type Column } from '@/ui/VirtualTable'
import { kinds } from './kinds'
import { UnknownAssets } from './UnknownAssets'
import './assets.css'

export function AssetsPage() {
  const { t } = useI18n()
  const navigate = useNavigate()
  const { tab } = useSearch({ from: '/assets' })
  const unknown = useQuery({ queryKey: keys.unknownAssets, queryFn: hospital.unknown })
  const shown = tab === 'unknown' ? 'unknown' : 'all'
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('assets.title')}</h1>
        <Segments<'all' | 'unknown'>
          label={t('assets.title')} value={shown}
          onChange={(next) => void navigate({ to: '/assets', search: { tab: next === 'unknown' ? next : undefined }, replace: true })}
          options={[
            { value: 'all', label: t('assets.tabAll') },
            { value: 'unknown', label: t('assets.tabUnknown'), count: unknown.data?.items.length || undefined },
          ]}
        />
      </div>
      {shown === 'all' ? <AssetTable /> : <UnknownAssets query={unknown} />}
    </div>
  )
}

function AssetTable() {
  const { t, word, number } = useI18n()
  const { name } = useAssets()
  const navigate = useNavigate()
  const [words, setWords] = useState('')
  const [kind, setKind] = useState('')
  const [site, setSite] = useState('')
  const q = useSettled(words.trim())
  const info = useQuery({ queryKey: keys.hospital, queryFn: hospital.info })
  const query = useInfiniteQuery({
    queryKey: keys.assets(q, kind, site),
    queryFn: ({ pageParam }) =>
      hospital.assets({ ...(q && { q }), ...(kind && { kind }), ...(site && { site }), ...(pageParam && { cursor: pageParam }) }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next || undefined,
  })
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data])
  useEffect(() => learnAssets(rows), [rows])
  const kindOptions = useMemo(
    () => [{ value: '', label: t('assets.anyKind') }, ...kinds.map((value) => ({ value, label: word('kind', value) })).sort((a, b) => a.label.localeCompare(b.label))],
    [t, word],
  )
  const siteOptions = [{ value: '', label: t('assets.anySite') }, ...(info.data?.sites ?? []).map((id) => ({ value: id, label: name(id) }))]
  const columns = useColumns()
  const total = query.data?.pages[0]?.total
  const filtered = q !== '' || kind !== '' || site !== ''
  return (
    <>
      <div className="filters">
        <div className="filters-search">
          <SearchBox label={t('assets.search')} value={words} onChange={setWords} />
        </div>
        <Select aria-label={t('assets.kind')} value={kind} onChange={setKind} options={kindOptions} />
        <Select aria-label={t('assets.site')} value={site} onChange={setSite} options={siteOptions} />
        {total !== undefined && <span className="muted nowrap" aria-live="polite">{t('assets.count', { n: number(total) })}</span>}
      </div>
      <div className="page-fill panel">
        {query.error && rows.length === 0 ? (
          <ErrorNote error={query.error} retry={() => void query.refetch()} />
        ) : query.isPending ? (
          <Loading />
        ) : rows.length === 0 ? (
          <Empty icon="asset" text={filtered ? t('assets.emptySearch') : t('assets.empty')} />
        ) : (
          <VirtualTable
            label={t('assets.title')} rows={rows} columns={columns} rowKey={(asset) => asset.id}
            onOpen={(asset) => void navigate({ to: '/assets/$id', params: { id: asset.id } })}
            onEnd={() => query.hasNextPage && !query.isFetchingNextPage && void query.fetchNextPage()}
          />
        )}
      </div>
    </>
  )
}

function useColumns(): Column<Asset>[] {
  const { t, word } = useI18n()
  return [
    { id: 'name', head: t('assets.name'), width: 'minmax(0, 1.6fr)', cell: (asset) => <NameCell asset={asset} /> },
    { id: 'kind', head: t('assets.kind'), width: 'minmax(0, 0.8fr)', cell: (asset) => word('kind', asset.kind) },
    { id: 'place', head: t('assets.place'), width: 'minmax(0, 1.6fr)', cell: (asset) => (asset.place ? <PlacePath id={asset.place} site /> : '–') },
    { id: 'criticality', head: t('assets.criticality'), width: '100px', cell: (asset) => <Criticality value={asset.criticality} /> },
    { id: 'identifiers', head: t('assets.identifiers'), width: 'minmax(0, 1.2fr)', cell: (asset) => <span className="muted">{asset.identifiers?.map((i) => i.value).join(', ') ?? ''}</span> },
    { id: 'owner', head: t('assets.owner'), width: 'minmax(0, 0.7fr)', cell: (asset) => asset.owner ?? '' },
  ]
}

function NameCell({ asset }: { asset: Asset }) {
  return (
    <Link className="asset" to="/assets/$id" params={{ id: asset.id }} onClick={(event) => event.stopPropagation()}>
      <Icon name={kindIcon(asset.kind)} size={15} />
      <span className="ellipsis">{asset.name}</span>
    </Link>
  )
}

/** One to five, as dots and as a number. */
export function Criticality({ value }: { value: number }) {
  const { t } = useI18n()
  return (
    <span className="criticality" role="img" aria-label={t('assets.criticalityOf', { n: value })}>
      {[1, 2, 3, 4, 5].map((n) => (
        <i key={n} data-on={n <= value} />
      ))}
      <b>{value}</b>
    </span>
  )
}
