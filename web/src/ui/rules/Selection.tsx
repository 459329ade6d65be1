import { useState } from 'react'
import type { ItemOutcome, SelectionOutcome } from '@/api/types'
import { useI18n } from '@/lib/i18n'
import { Met, MetMark } from './Met'

const FEW = 6 // values shown before one asks for all

/** One selection: its alternatives, one of which must be met whole. */
export function Selection({ selection }: { selection: SelectionOutcome }) {
  const { t } = useI18n()
  const alternatives = selection.alternatives ?? []
  return (
    <details className="explain-selection" open>
      <summary>
        <code className="explain-code">{selection.name}</code>
        <Met met={selection.met} />
      </summary>
      {alternatives.map((alternative, index) => (
        <div key={index} className="explain-alternative">
          {alternatives.length > 1 && (
            <p className="explain-which muted small">
              {t('explain.alternative', { n: index + 1, of: alternatives.length })} <Met met={alternative.met} />
            </p>
          )}
          <ul>
            {(alternative.items ?? []).map((item, at) => (
              <Item key={`${at}-${item.field}`} item={item} />
            ))}
          </ul>
        </div>
      ))}
    </details>
  )
}

function Item({ item }: { item: ItemOutcome }) {
  const { t } = useI18n()
  return (
    <li className="explain-item" data-met={item.met}>
      <div className="explain-item-head">
        <Met met={item.met} />
        <span>
          {item.field ? <code className="explain-field">{item.field}</code> : <em>{t('explain.anywhere')}</em>} <Asks item={item} />
        </span>
      </div>
      <dl className="explain-sides">
        <div>
          <dt>{t('explain.asks')}</dt>
          <dd>
            <Values item={item} />
          </dd>
        </div>
        <div>
          <dt>{t('explain.has')}</dt>
          <dd>
            <Has item={item} />
          </dd>
        </div>
      </dl>
    </li>
  )
}

/** How the field is compared: "ends with one of". */
function Asks({ item }: { item: ItemOutcome }) {
  const { t, word } = useI18n()
  const how = (item.modifiers ?? []).filter((modifier) => modifier !== 'all').map((modifier) => word('modifier', modifier))
  const many = item.values.length > 1
  return (
    <span className="muted">
      {how.length > 0 ? how.join(', ') : item.field ? t('explain.is') : ''} {item.all ? t('explain.everyOf') : many ? t('explain.oneOf') : ''}
    </span>
  )
}

function Values({ item }: { item: ItemOutcome }) {
  const { t } = useI18n()
  const [all, setAll] = useState(false)
  // What is met comes first: among hundreds of values it is what one looks for.
  const sorted = [...item.values].sort((a, b) => Number(b.met) - Number(a.met))
  const shown = all ? sorted : sorted.slice(0, FEW)
  return (
    <ul className="explain-values">
      {shown.map((value, index) => (
        <li key={`${index}-${value.text}`} data-met={value.met}>
          <MetMark met={value.met} size={13} label={value.met ? t('explain.met') : t('explain.notMet')} />
          <code>{value.text === '' ? t('explain.empty') : value.text}</code>
        </li>
      ))}
      {shown.length < sorted.length && (
        <li>
          <button type="button" className="btn btn-small" onClick={() => setAll(true)}>
            {t('explain.allValues', { n: sorted.length })}
          </button>
        </li>
      )}
    </ul>
  )
}

function Has({ item }: { item: ItemOutcome }) {
  const { t } = useI18n()
  if (!item.present) return <span className="muted">{item.field ? t('explain.absent') : t('explain.nowhere')}</span>
  return (
    <>
      {(item.event ?? []).map((value, index) => (
        <code key={index} className="explain-value">{value === '' ? t('explain.empty') : value}</code>
      ))}
      {item.read_as && (
        <span className="muted small">
          {t('explain.readAs')} <code>{item.read_as}</code>
        </span>
      )}
    </>
  )
}
