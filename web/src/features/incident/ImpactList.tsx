// The list twin of the graph: the same impacts in words, with why, and where
// people say whether the prediction holds.
import { useEffect, useRef, useState } from 'react'
import { useText } from '@/api/text'
import type { Assessment, Barrier, Impact, Verdict } from '@/api/types'
import { useI18n } from '@/lib/i18n'
import { AssetName } from '@/ui/AssetName'
import { In } from '@/ui/Countdown'
import { Icon } from '@/ui/Icon'
import { Likelihood } from '@/ui/Likelihood'
import { SeverityMark } from '@/ui/Severity'
import { Why } from './Why'

type Props = {
  assessment: Assessment
  selected: string | undefined
  onSelect: (asset: string | undefined) => void
  onVerdict?: ((impact: Impact, verdict: Exclude<Verdict, ''>) => void) | undefined
}

/** Below this likelihood impacts are folded away at first, when there are many. */
const UNLIKELY = 0.1
const MANY = 12

export function ImpactList({ assessment, selected, onSelect, onVerdict }: Props) {
  const { t } = useI18n()
  const [all, setAll] = useState(false)
  const likely = assessment.impacts.filter((impact) => impact.likelihood >= UNLIKELY || impact.verdict || impact.asset === selected)
  const folded = assessment.impacts.length > MANY ? assessment.impacts.length - likely.length : 0
  const shown = all || folded === 0 ? assessment.impacts : likely
  return (
    <div className="impacts">
      {assessment.impacts.length === 0 && <p className="muted impacts-none">{t('impact.none')}</p>}
      <ol className="impact-rows">
        {shown.map((impact) => (
          <ImpactRow
            key={`${impact.asset}/${impact.threat}`} impact={impact} open={impact.asset === selected} onVerdict={onVerdict}
            onToggle={() => onSelect(impact.asset === selected ? undefined : impact.asset)}
          />
        ))}
      </ol>
      {folded > 0 && (
        <p className="impacts-fold">
          <button type="button" className="btn btn-small btn-quiet" aria-expanded={all} onClick={() => setAll(!all)}>
            <Icon name={all ? 'up' : 'down'} size={12} /> {all ? t('impact.fold') : t('impact.unfold', { n: folded })}
          </button>
        </p>
      )}
      <Barriers barriers={assessment.barriers} />
      <NotModelled assessment={assessment} />
    </div>
  )
}

type RowProps = { impact: Impact; open: boolean; onToggle: () => void; onVerdict: Props['onVerdict'] }

function ImpactRow({ impact, open, onToggle, onVerdict }: RowProps) {
  const { t, word } = useI18n()
  const row = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (open) row.current?.scrollIntoView?.({ block: 'nearest' })
  }, [open])
  const hit = impact.delay_s <= 0
  return (
    <li ref={row} className="impact" data-open={open} data-asset={impact.asset} data-verdict={impact.verdict ?? ''}>
      <div className="impact-line">
        <SeverityMark severity={impact.severity} size={13} label={word('severity', impact.severity)} />
        <span className="impact-what">
          <AssetName id={impact.asset} />
          <span className="muted">{word('threat', impact.threat)}</span>
        </span>
        <span className="impact-when">{hit ? t('impact.hit') : impact.arrives_at ? <In at={impact.arrives_at} /> : '–'}</span>
        <Likelihood value={impact.likelihood} />
        <button type="button" className="btn btn-small btn-quiet" aria-expanded={open} onClick={onToggle}>
          {t('impact.why')} <Icon name={open ? 'up' : 'down'} size={12} />
        </button>
        <VerdictPart impact={impact} onVerdict={onVerdict} />
      </div>
      {open && <Why path={impact.path} />}
    </li>
  )
}

function VerdictPart({ impact, onVerdict }: { impact: Impact; onVerdict: Props['onVerdict'] }) {
  const { t } = useI18n()
  if (impact.verdict) return <span className="tag tag-strong impact-verdict">{impact.verdict === 'confirmed' ? t('impact.confirmed') : t('impact.refuted')}</span>
  if (!onVerdict) return <span className="impact-verdict" />
  return (
    <span className="impact-verdict">
      <button type="button" className="btn btn-small" onClick={() => onVerdict(impact, 'confirmed')}>
        {t('impact.confirm')}
      </button>
      <button type="button" className="btn btn-small" onClick={() => onVerdict(impact, 'refuted')}>
        {t('impact.refute')}
      </button>
    </span>
  )
}

/** What the graph or plan has selected, in words. */
export function Detail({ assessment, selected, onVerdict }: Pick<Props, 'assessment' | 'selected' | 'onVerdict'>) {
  const { t, word } = useI18n()
  const impact = assessment.impacts.find((item) => item.asset === selected)
  const service = assessment.services.find((item) => item.service === selected)
  if (!selected || (!impact && !service)) return null
  return (
    <section className="detail" aria-live="polite">
      <div className="detail-head">
        <AssetName id={selected} />
        <span className="muted">{word('threat', service?.state ?? impact?.threat ?? '')}</span>
        <Likelihood value={service?.likelihood ?? impact?.likelihood ?? 0} />
        <span className="visually-hidden">{t('impact.why')}</span>
        {impact && !service && <VerdictPart impact={impact} onVerdict={onVerdict} />}
      </div>
      <Why path={service?.path ?? impact?.path ?? []} />
    </section>
  )
}

function Barriers({ barriers }: { barriers: Barrier[] }) {
  const { t, word, percent } = useI18n()
  if (barriers.length === 0) return null
  return (
    <section className="impact-notes">
      <h3>
        <Icon name="shield" size={15} /> {t('impact.barriers')}
      </h3>
      <ul>
        {barriers.map((barrier) => (
          <li key={`${barrier.from}/${barrier.to}/${barrier.threat}`}>
            <span>{word('threat', barrier.threat)}:</span> <AssetName id={barrier.from} icon={false} /> <Icon name="right" size={12} />{' '}
            <AssetName id={barrier.to} icon={false} />
            <span className="muted">
              {t('impact.barrierDegree', { degree: percent(barrier.degree) })}
              {barrier.protection.map((by) => (
                <span key={by}> · <AssetName id={by} icon={false} link={false} /></span>
              ))}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function NotModelled({ assessment }: { assessment: Assessment }) {
  const { t } = useI18n()
  const text = useText()
  if (assessment.not_modelled.length === 0) return null
  return (
    <section className="impact-notes impact-unknown">
      <h3>
        <Icon name="warn" size={15} /> {t('impact.notModelled')}
      </h3>
      <ul>
        {assessment.not_modelled.map((note, index) => (
          <li key={index}>{text(note)}</li>
        ))}
      </ul>
    </section>
  )
}
