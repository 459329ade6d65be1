import { useI18n } from '@/lib/i18n'

const examples = ['category:access actor.person:rossi', '"forced" -source.ip:10.*', 'category:fire OR category:sensor', 'NOT (category:network)']

export function Help({ onExample }: { onExample: (q: string) => void }) {
  const { t } = useI18n()
  return (
    <details className="search-help">
      <summary>{t('search.help')}</summary>
      <ul>
        <li>{t('search.helpWords')}</li>
        <li>{t('search.helpField')}</li>
        <li>{t('search.helpParts')}</li>
        <li>{t('search.helpNumbers')}</li>
        <li>{t('search.helpNot')}</li>
        <li>{t('search.helpQuotes')}</li>
        <li>{t('search.helpValues')}</li>
      </ul>
      <p className="search-examples">
        <span className="muted">{t('search.helpExamples')}</span>
        {examples.map((q) => (
          <button key={q} type="button" className="btn btn-small mono" onClick={() => onExample(q)}>
            {q}
          </button>
        ))}
      </p>
    </details>
  )
}
