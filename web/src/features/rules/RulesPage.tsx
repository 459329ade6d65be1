import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { rules } from '@/api/endpoints'
import { keys } from '@/api/keys'
import type { Rule, Severity } from '@/api/types'
import { useRelative } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { isSeverity } from '@/lib/severity'
import { SearchBox } from '@/ui/Field'
import { Icon } from '@/ui/Icon'
import { Empty, ErrorNote, Loading } from '@/ui/Notes'
import { Segments } from '@/ui/Segments'
import { SeverityMark } from '@/ui/Severity'
import { VirtualTable, type Column } from '@/ui/VirtualTable'
import './rules.css'

type Filter = 'all' | 'errors'

export function RulesPage() {
  const { t, many } = useI18n()
  const [filter, setFilter] = useState<Filter>('all')
  const [words, setWords] = useState('')
  const columns = useColumns()
  const query = useInfiniteQuery({
    queryKey: keys.rules,
    queryFn: ({ pageParam }) => rules.list(pageParam || undefined),
    initialPageParam: '',
    getNextPageParam: (last) => last.next || undefined,
  })
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  const all = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data])
  const broken = all.filter((rule) => rule.error)
  const q = words.trim().toLowerCase()
  const rows = useMemo(
    () => all.filter((rule) => (filter === 'all' || rule.error) && matches(rule, q)).sort((a, b) => Number(Boolean(b.error)) - Number(Boolean(a.error)) || b.hits - a.hits || a.title.localeCompare(b.title)),
    [all, filter, q],
  )
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('rules.title')}</h1>
        <Segments<Filter>
          label={t('rules.title')} value={filter} onChange={setFilter}
          options={[
            { value: 'all', label: t('rules.all'), count: all.length || undefined },
            { value: 'errors', label: t('rules.errors'), count: broken.length },
          ]}
        />
        <div className="rules-search">
          <SearchBox label={t('rules.search')} value={words} onChange={setWords} />
        </div>
      </div>
      {broken.length > 0 && (
        <div className="note note-warn rules-note">
          <Icon name="warn" />
          <div className="note-body">{many('rules.errorCount', broken.length)}</div>
        </div>
      )}
      <div className="page-fill panel">
        {query.error && all.length === 0 ? (
          <ErrorNote error={query.error} retry={() => void query.refetch()} />
        ) : query.isPending ? (
          <Loading />
        ) : rows.length === 0 ? (
          <Empty icon="rule" text={all.length === 0 ? t('rules.empty') : t('rules.emptySearch')} />
        ) : (
          <VirtualTable label={t('rules.title')} rows={rows} columns={columns} rowKey={(rule) => rule.id} rowHeight={44} />
        )}
      </div>
    </div>
  )
}

function matches(rule: Rule, q: string): boolean {
  return q === '' || `${rule.id} ${rule.title} ${rule.title_fr ?? ''} ${rule.threat} ${rule.file ?? ''}`.toLowerCase().includes(q)
}

function severityOf(level: string): Severity {
  if (isSeverity(level)) return level
  return 'info'
}

function useColumns(): Column<Rule>[] {
  const { t, word, number, locale } = useI18n()
  const relative = useRelative()
  return [
    {
      id: 'rule', head: t('rules.rule'), width: 'minmax(0, 2.4fr)',
      cell: (rule) => (
        <span className="rule-title" title={rule.error ?? rule.file}>
          <span className="ellipsis">{(locale === 'fr' && rule.title_fr) || rule.title}</span>
          <span className="small ellipsis rule-file" data-error={Boolean(rule.error)}>
            {rule.error ? (
              <>
                <Icon name="warn" size={12} /> {rule.error}
              </>
            ) : (
              rule.file
            )}
          </span>
        </span>
      ),
    },
    {
      id: 'level', head: t('rules.level'), width: '120px',
      cell: (rule) => (
        <span className="rule-level">
          <SeverityMark severity={severityOf(rule.level)} size={12} />
          {word('severity', severityOf(rule.level))}
        </span>
      ),
    },
    { id: 'threat', head: t('rules.threat'), width: 'minmax(0, 1fr)', cell: (rule) => (rule.threat ? word('threat', rule.threat) : '–') },
    { id: 'kind', head: t('rules.kind'), width: 'minmax(0, 0.7fr)', cell: (rule) => word('rulekind', rule.kind) },
    { id: 'hits', head: t('rules.hits'), width: '80px', num: true, cell: (rule) => number(rule.hits) },
    { id: 'last', head: t('rules.lastHit'), width: 'minmax(0, 0.9fr)', cell: (rule) => (rule.last_hit ? relative(rule.last_hit) : t('rules.never')) },
    { id: 'status', head: t('rules.status'), width: '100px', cell: (rule) => (rule.error ? t('rules.error') : t('rules.ok')) },
  ]
}
