import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { rules } from '@/api/endpoints'
import { keys } from '@/api/keys'
import { useI18n } from '@/lib/i18n'
import { SearchBox, Select } from '@/ui/Field'
import { Icon } from '@/ui/Icon'
import { Empty, ErrorNote, Loading, useSettled } from '@/ui/Notes'
import { Segments } from '@/ui/Segments'
import { asked, isFiltered, levels, ruleKinds, sortOf, stateOf, states, type RuleSearch, type State } from './filters'
import { Reload } from './Reload'
import { RuleTable } from './RuleTable'
import './rules.css'

const SEARCH = 'rule-search'
const PAGE = 200

export function RulesPage() {
  const { t } = useI18n()
  const search = useSearch({ from: '/rules' })
  const navigate = useNavigate()
  const go = (change: RuleSearch) => void navigate({ to: '/rules', search: { ...search, ...change }, replace: true })
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('rules.title')}</h1>
        <Link className="btn" to="/rules/try">
          <Icon name="exercise" /> {t('rules.tryNew')}
        </Link>
        <Reload />
      </div>
      <Filters search={search} onChange={go} />
      <Broken shown={stateOf(search) === 'error'} onShow={() => go({ state: 'error', q: undefined, kind: undefined, level: undefined })} />
      <Results search={search} onSort={(sort) => go({ sort })} onReset={() => void navigate({ to: '/rules', search: {}, replace: true })} />
    </div>
  )
}

type FilterProps = { search: RuleSearch; onChange: (change: RuleSearch) => void }

function Filters({ search, onChange }: FilterProps) {
  const { t, word } = useI18n()
  const [words, setWords] = useState(search.q ?? '')
  const settled = useSettled(words.trim())
  useEffect(() => {
    if (settled !== (search.q ?? '')) onChange({ q: settled || undefined })
    // The address follows what is typed.
  }, [settled])
  useEffect(() => {
    if ((search.q ?? '') !== settled) setWords(search.q ?? '')
    // And what stands there follows the address, when a button changed that.
  }, [search.q])
  const any = (label: string) => ({ value: '', label })
  const state = stateOf(search)
  return (
    <div className="rules-filters">
      <div className="rules-search">
        <SearchBox id={SEARCH} label={t('rules.search')} value={words} onChange={setWords} />
      </div>
      <Segments<State>
        label={t('rules.state')} value={state} onChange={(next) => onChange({ state: next === 'all' ? undefined : next })}
        options={states.map((value) => ({ value, label: value === 'all' ? t('rules.all') : word('rulestates', value) }))}
      />
      <Select
        aria-label={t('rules.kind')} value={search.kind ?? ''} onChange={(kind) => onChange({ kind: kind || undefined })}
        options={[any(t('rules.anyKind')), ...ruleKinds.map((value) => ({ value, label: word('rulekind', value) }))]}
      />
      <Select
        aria-label={t('rules.level')} value={search.level ?? ''} onChange={(level) => onChange({ level: level || undefined })}
        options={[any(t('rules.anyLevel')), ...levels.map((value) => ({ value, label: word('severity', value) }))]}
      />
    </div>
  )
}

/** How many rules detect nothing because of an error, wherever one looks. */
function Broken({ shown, onShow }: { shown: boolean; onShow: () => void }) {
  const { t, many } = useI18n()
  const query = { status: 'error' as const, limit: 1 }
  const { data } = useQuery({ queryKey: keys.ruleList(query), queryFn: () => rules.list(query) })
  const count = data?.total ?? data?.items?.length ?? 0
  if (count === 0) return null
  return (
    <div className="note note-warn rules-note">
      <Icon name="warn" />
      <div className="note-body">{many('rules.errorCount', count)}</div>
      {!shown && (
        <button type="button" className="btn btn-small" onClick={onShow}>
          {t('rules.showErrors')}
        </button>
      )}
    </div>
  )
}

type ResultProps = { search: RuleSearch; onSort: (by: string) => void; onReset: () => void }

function Results({ search, onSort, onReset }: ResultProps) {
  const { t, many } = useI18n()
  const query = asked(search)
  const list = useInfiniteQuery({
    queryKey: keys.ruleList(query),
    queryFn: ({ pageParam }) => rules.list({ ...query, limit: PAGE, ...(pageParam && { cursor: pageParam }) }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next || undefined,
    placeholderData: (old) => old,
  })
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items ?? []) ?? [], [list.data])
  const total = list.data?.pages[0]?.total ?? (list.hasNextPage ? undefined : rows.length)
  const sort = sortOf(search)
  return (
    <>
      <p className="visually-hidden" aria-live="polite">
        {total !== undefined && many('rules.count', total)}
      </p>
      <div className="page-fill panel">
        {list.error && rows.length === 0 ? (
          <ErrorNote error={list.error} retry={() => void list.refetch()} />
        ) : list.isPending ? (
          <Loading />
        ) : rows.length === 0 ? (
          <Nothing search={search} onReset={onReset} />
        ) : (
          <RuleTable
            rows={rows} faults={stateOf(search) === 'error'} sorting={{ by: sort, descending: sort !== 'title', onSort }} onSearch={() => document.getElementById(SEARCH)?.focus()}
            onEnd={() => list.hasNextPage && !list.isFetchingNextPage && void list.fetchNextPage()}
          />
        )}
      </div>
      <p className="rules-count muted small" aria-hidden="true">
        {total !== undefined && many('rules.count', total)} <span className="rules-keys">· {t('rules.keys')}</span>
      </p>
    </>
  )
}

function Nothing({ search, onReset }: { search: RuleSearch; onReset: () => void }) {
  const { t } = useI18n()
  if (!isFiltered(search)) return <Empty icon="rule" text={t('rules.empty')} />
  const onlyState = !search.q && !search.kind && !search.level
  const quiet = onlyState && { error: t('rules.noErrors'), slow: t('rules.noSlow'), off: t('rules.noOff'), active: '', all: '' }[stateOf(search)]
  return (
    <Empty icon={quiet ? 'check' : 'search'} text={quiet || t('rules.emptySearch')}>
      <button type="button" className="btn" onClick={onReset}>
        {t('rules.showAll')}
      </button>
    </Empty>
  )
}
