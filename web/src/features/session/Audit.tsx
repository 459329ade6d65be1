import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { people } from '@/api/endpoints'
import { keys } from '@/api/keys'
import { useNow } from '@/lib/clock'
import { useFormat } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { ErrorNote, Loading } from '@/ui/Notes'
import { Panel } from '@/ui/Panel'

/** Who did what, newest first. */
export function Audit() {
  const { t } = useI18n()
  const format = useFormat()
  const now = useNow()
  const query = useInfiniteQuery({
    queryKey: keys.audit,
    queryFn: ({ pageParam }) => people.audit(pageParam || undefined),
    initialPageParam: '',
    getNextPageParam: (last) => last.next || undefined,
  })
  const entries = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data])
  return (
    <Panel title={t('settings.audit')} className="audit">
      <p className="muted">{t('settings.auditLead')}</p>
      {query.isPending && <Loading />}
      {query.error && <ErrorNote error={query.error} retry={() => void query.refetch()} />}
      {query.data && entries.length === 0 && <p className="muted">{t('settings.noAudit')}</p>}
      {entries.length > 0 && (
        <div className="audit-scroll" tabIndex={0} role="group" aria-label={t('settings.audit')}>
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">{t('settings.auditTime')}</th>
                <th scope="col">{t('settings.auditWho')}</th>
                <th scope="col">{t('settings.auditAction')}</th>
                <th scope="col">{t('settings.auditSubject')}</th>
                <th scope="col">{t('settings.auditDetail')}</th>
              </tr>
            </thead>
            <tbody>
              {entries.map((entry, index) => (
                <tr key={`${entry.time}/${index}`}>
                  <td className="nowrap">{format.moment(Date.parse(entry.time), now)}</td>
                  <td>{entry.name || entry.by}</td>
                  <td>{entry.action}</td>
                  <td className="audit-subject">{entry.subject}</td>
                  <td className="muted small audit-detail">{entry.detail ? describe(entry.detail) : ''}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {query.hasNextPage && (
            <button type="button" className="btn btn-small" disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {t('search.more')}
            </button>
          )}
        </div>
      )}
    </Panel>
  )
}

function describe(detail: Record<string, unknown>): string {
  return Object.entries(detail)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ')
}
