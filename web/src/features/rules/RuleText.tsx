import { useId, useRef, type RefObject } from 'react'
import { useI18n } from '@/lib/i18n'

type Props = { area: RefObject<HTMLTextAreaElement | null>; text: string; onChange: (text: string) => void }

const LONGEST = 200_000 // characters

/** Where a rule is pasted, with the numbers of its lines beside it. */
export function RuleText({ area, text, onChange }: Props) {
  const { t } = useI18n()
  const id = useId()
  const gutter = useRef<HTMLPreElement>(null)
  const lines = text.split('\n').length
  return (
    <div className="field">
      <label htmlFor={id}>{t('try.ruleText')}</label>
      <div className="rule-text">
        <pre ref={gutter} className="rule-text-lines" aria-hidden="true">
          {Array.from({ length: Math.max(lines, 1) }, (_, index) => index + 1).join('\n')}
        </pre>
        <textarea
          ref={area} id={id} className="input rule-text-area" wrap="off" spellCheck={false} autoComplete="off" autoCapitalize="off" maxLength={LONGEST} rows={18} value={text}
          placeholder={t('try.rulePlaceholder')} aria-describedby={`${id}-about`} onChange={(e) => onChange(e.target.value)}
          onScroll={(e) => gutter.current && (gutter.current.scrollTop = e.currentTarget.scrollTop)}
        />
      </div>
      <span id={`${id}-about`} className="hint">
        {t('try.ruleHint')}
      </span>
    </div>
  )
}

/** Puts the selection on a line, counted from one, and brings it into view. */
export function selectLine(area: HTMLTextAreaElement, line: number): void {
  const lines = area.value.split('\n')
  const at = Math.max(0, Math.min(lines.length, line) - 1)
  const start = lines.slice(0, at).reduce((sum, one) => sum + one.length + 1, 0)
  area.focus()
  area.setSelectionRange(start, start + (lines[at]?.length ?? 0))
  area.scrollTop = Math.max(0, (at - 4) * (area.scrollHeight / Math.max(1, lines.length)))
}
