import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { audit } from '@/api/endpoints'
import { keys } from '@/api/keys'
import { now } from '@/lib/clock'
import { useI18n } from '@/lib/i18n'
import { Icon } from '@/ui/Icon'
import { Empty, ErrorNote, Loading } from '@/ui/Notes'
import { AuditTable } from './AuditTable'
import { Filters } from './Filters'
import { LogState } from './LogState'
import { queryOf, type AuditSearch } from './search'
import './audit.css'

/** Who did what to which thing, when, and how the log that keeps it stands. */
export function AuditPage() {
  const { t } = useI18n()
  const search = useSearch({ from: '/audit' })
  const navigate = useNavigate()
  const go = (next: AuditSearch) => void navigate({ to: '/audit', search: next, replace: true })
  const query = useMemo(() => queryOf(search, now()), [search])
  return (
    <div className="page audit">
      <div className="page-head">
        <h1>{t('audit.title')}</h1>
        <a className="btn" href={audit.exportAt(query)} download title={t('audit.exportHint')}>
          <Icon name="copy" /> {t('audit.export')}
        </a>
      </div>
      <p className="audit-lead muted">{t('audit.lead')}</p>
      <LogState />
      <Filters search={search} onChange={go} />
      <Lines query={query} onOnly={(part) => go({ ...search, ...part })} />
    </div>
  )
}

function Lines({ query, onOnly }: { query: ReturnType<typeof queryOf>; onOnly: (part: AuditSearch) => void }) {
  const { t } = useI18n()
  const list = useInfiniteQuery({
    queryKey: keys.auditLines(query),
    queryFn: ({ pageParam }) => audit.list(query, pageParam || undefined),
    initialPageParam: '',
    getNextPageParam: (last) => last.next || undefined,
    placeholderData: (old) => old,
  })
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data])
  return (
    <div className="page-fill panel">
      {list.error && rows.length === 0 ? (
        <ErrorNote error={list.error} retry={() => void list.refetch()} />
      ) : list.isPending ? (
        <Loading />
      ) : rows.length === 0 ? (
        <Empty icon="shield" text={t('audit.empty')} />
      ) : (
        <AuditTable rows={rows} onOnly={onOnly} onEnd={() => list.hasNextPage && !list.isFetchingNextPage && void list.fetchNextPage()} />
      )}
    </div>
  )
}
