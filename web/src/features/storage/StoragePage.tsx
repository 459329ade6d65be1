// What is kept, for how long, what holds it, and what was removed.
import { useQuery } from '@tanstack/react-query'
import { evidence } from '@/api/endpoints'
import { keys } from '@/api/keys'
import type { Storage } from '@/api/types'
import { bytes } from '@/lib/bytes'
import { useI18n } from '@/lib/i18n'
import { Icon } from '@/ui/Icon'
import { Answer, Empty } from '@/ui/Notes'
import { Panel } from '@/ui/Panel'
import { useVoice } from '@/ui/Toasts'
import { Days } from './Days'
import { Deletions } from './Deletions'
import { Holds } from './Holds'
import { Kinds } from './Kinds'
import { Quarantine } from './Quarantine'
import './storage.css'

export function StoragePage() {
  const { t } = useI18n()
  const query = useQuery({ queryKey: keys.storage, queryFn: evidence.storage, refetchInterval: 15_000 })
  return (
    <div className="page page-scroll">
      <div className="page-head">
        <h1>{t('storage.title')}</h1>
      </div>
      <Answer query={query}>
        {(storage) => (
          <div className="storage">
            <Facts storage={storage} />
            {storage.usage.kinds.length === 0 ? <Panel title={t('storage.kinds')}><Empty icon="data" text={t('storage.none')} /></Panel> : <Kinds storage={storage} />}
            <div className="storage-pair">
              <Holds holds={storage.holds} />
              <Deletions storage={storage} />
            </div>
            <div className="storage-pair">
              <Days days={storage.usage.days} />
              <div className="storage-column">
                <Quarantine damaged={storage.usage.damaged} />
                <SigningKey value={storage.key} />
              </div>
            </div>
          </div>
        )}
      </Answer>
    </div>
  )
}

const LONG = 1095

function Facts({ storage }: { storage: Storage }) {
  const { t, number, locale } = useI18n()
  const { usage, disk } = storage
  const size = (n: number) => bytes(locale, n)
  const left = disk.days_left
  const facts: [string, string, string?][] = [
    [t('storage.evidence'), t('storage.evidenceIs', { bytes: size(usage.bytes), files: number(usage.segments) })],
    [t('storage.stored'), number(usage.events), usage.waiting > 0 ? t('storage.waiting', { n: number(usage.waiting) }) : undefined],
    [t('storage.free'), t('storage.freeOf', { free: size(disk.free), total: size(disk.total) })],
    [t('storage.growth'), disk.per_day > 0 ? t('storage.perDay', { bytes: size(disk.per_day) }) : t('storage.unknown')],
  ]
  if (left) facts.push([t('storage.full'), left > LONG ? t('storage.fullLong') : t('storage.fullIn', { n: number(Math.floor(left)) })])
  return (
    <section className="panel storage-facts" aria-label={t('storage.disk')}>
      <dl>
        {facts.map(([name, value, more]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {value} {more && <span className="muted small">{more}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function SigningKey({ value }: { value: string }) {
  const { t } = useI18n()
  const voice = useVoice()
  const copy = () => void navigator.clipboard.writeText(value).then(() => voice.done(t('storage.keyCopied')), voice.failed)
  return (
    <Panel
      title={t('storage.key')}
      aside={
        <button type="button" className="btn btn-small" onClick={copy}>
          <Icon name="copy" size={14} /> {t('storage.keyCopy')}
        </button>
      }
    >
      <p className="muted">{t('storage.keyLead')}</p>
      <p className="storage-key">{value.match(/.{1,8}/g)?.map((part, index) => <span key={index}>{part}</span>)}</p>
    </Panel>
  )
}
