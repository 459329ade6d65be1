import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import { ApiError } from '@/api/client'
import { rules } from '@/api/endpoints'
import { keys } from '@/api/keys'
import { useCan } from '@/api/session'
import type { Rule, RuleDetail, RuleName } from '@/api/types'
import { useI18n } from '@/lib/i18n'
import { titleOf } from '@/lib/rule'
import { Icon } from '@/ui/Icon'
import { Answer, Boundary, Empty } from '@/ui/Notes'
import { Panel } from '@/ui/Panel'
import { ExceptionDialog } from '@/ui/rules/ExceptionDialog'
import { About } from './About'
import { Activity } from './Activity'
import { Code } from './Code'
import { Exceptions } from './Exceptions'
import { Level } from './RuleTable'
import { RuleState } from './RuleState'
import { SettingNote, SeverityDialog, SwitchDialog } from './Setting'
import { Tests } from './Tests'
import { TryPanel } from './TryPanel'
import { whereOf } from './words'
import './rules.css'

export function RulePage() {
  const { t } = useI18n()
  const { id } = useParams({ from: '/rules/$id' })
  const query = useQuery({ queryKey: keys.rule(id), queryFn: () => rules.get(id) })
  const gone = query.error instanceof ApiError && query.error.status === 404
  return (
    <div className="rule-page">
      <Link to="/rules" className="crumb">
        <Icon name="left" size={14} /> {t('rules.title')}
      </Link>
      {gone ? <Empty icon="rule" text={t('rules.notFound')} /> : <Answer query={query}>{(detail) => <OneRule key={id} detail={detail} />}</Answer>}
    </div>
  )
}

function OneRule({ detail }: { detail: RuleDetail }) {
  const { t, many, locale } = useI18n()
  const { rule } = detail
  const named = { id: rule.id, title: titleOf(rule, locale) }
  const [excepting, setExcepting] = useState(false)
  return (
    <>
      <Head detail={detail} onExcept={() => setExcepting(true)} />
      <div className="rule-grid">
        <div className="rule-col">
          <About detail={detail} />
          <Relations title={t('rules.counts')} lead={t('rules.countsLead')} list={detail.counts ?? []} />
          <Relations title={t('rules.countedBy')} lead={t('rules.countedByLead')} list={detail.counted_by ?? []} />
          {detail.text && (
            <Panel title={t('rules.text')} className="rule-yaml" aside={<span className="muted small rule-lines">{many('rules.lineCount', detail.text.trimEnd().split('\n').length)}</span>}>
              <Code text={detail.text} label={t('rules.text')} />
            </Panel>
          )}
        </div>
        <div className="rule-col">
          <Activity rule={rule} />
          <Exceptions rule={named} exceptions={detail.exceptions ?? []} onAdd={() => setExcepting(true)} />
          {rule.kind !== 'foreign' && <Tests tests={detail.tests ?? []} />}
        </div>
      </div>
      {!rule.error && rule.kind !== 'filter' && (
        <Boundary>
          <Panel title={t('try.title')}>
            <TryPanel which={{ rule: rule.id }} rule={named} />
          </Panel>
        </Boundary>
      )}
      {excepting && <ExceptionDialog rule={named} onClose={() => setExcepting(false)} />}
    </>
  )
}

function Head({ detail, onExcept }: { detail: RuleDetail; onExcept: () => void }) {
  const { t, word, locale } = useI18n()
  const { rule } = detail
  return (
    <header className="rule-head">
      <h1>{titleOf(rule, locale)}</h1>
      <div className="rule-about">
        <Level rule={rule} />
        <RuleState rule={rule} />
        <span>{word('rulekind', rule.kind)}</span>
        {rule.threat && <span>{word('threat', rule.threat)}</span>}
        {rule.techniques?.map((technique) => (
          <span key={technique} className="tag tag-solid mono" title={t('rules.technique')}>
            {technique}
          </span>
        ))}
        {rule.kind !== 'foreign' && <span className="muted">{rule.ours ? t('rules.shipped') : t('rules.local')}</span>}
      </div>
      {rule.error && <Fault rule={rule} />}
      {rule.warning && !rule.error && (
        <div className="note note-warn">
          <Icon name="warn" />
          <div className="note-body">{t('rules.warning', { warning: rule.warning })}</div>
        </div>
      )}
      {rule.slow && !rule.error && (
        <div className="note note-warn">
          <Icon name="clock" />
          <div className="note-body">{t('rules.slowNote')}</div>
        </div>
      )}
      <SettingNote detail={detail} />
      <Acts detail={detail} onExcept={onExcept} />
    </header>
  )
}

function Fault({ rule }: { rule: Rule }) {
  const { t } = useI18n()
  return (
    <div className="note note-error" role="alert">
      <Icon name="warn" />
      <div className="note-body">
        <p>
          <b>{t('rules.brokenTitle')}</b>
        </p>
        <p>
          <span className="mono">{whereOf(rule)}</span> {rule.error}
        </p>
        <p>{t('rules.brokenDo')}</p>
      </div>
    </div>
  )
}

function Acts({ detail, onExcept }: { detail: RuleDetail; onExcept: () => void }) {
  const { t } = useI18n()
  const can = useCan()
  const [open, setOpen] = useState<'switch' | 'severity'>()
  const { rule } = detail
  const close = () => setOpen(undefined)
  if (!can('rules') || rule.error) return null
  const off = detail.setting?.off ?? rule.status === 'off'
  return (
    <div className="rule-acts">
      <button type="button" className="btn" onClick={() => setOpen('switch')}>
        <Icon name={off ? 'check' : 'minus'} /> {off ? t('rules.switchOn') : t('rules.switchOff')}
      </button>
      <button type="button" className="btn" onClick={() => setOpen('severity')}>
        <Icon name="settings" /> {t('rules.setSeverity')}
      </button>
      <button type="button" className="btn" onClick={onExcept}>
        <Icon name="plus" /> {t('exception.add')}
      </button>
      {open === 'switch' && <SwitchDialog detail={detail} off={off} onClose={close} />}
      {open === 'severity' && <SeverityDialog detail={detail} off={off} onClose={close} />}
    </div>
  )
}

function Relations({ title, lead, list }: { title: string; lead: string; list: RuleName[] }): ReactNode {
  const { locale } = useI18n()
  if (list.length === 0) return null
  return (
    <Panel title={title}>
      <p className="muted">{lead}</p>
      <ul className="rule-links">
        {list.map((name) => (
          <li key={name.id}>
            <Link to="/rules/$id" params={{ id: name.id }}>
              {titleOf(name, locale)}
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
