import type { RuleTest } from '@/api/types'
import { useI18n } from '@/lib/i18n'
import { Icon } from '@/ui/Icon'
import { Panel } from '@/ui/Panel'
import { Code } from './Code'

/** The rule's own tests: what it must find and what it must leave be. */
export function Tests({ tests }: { tests: RuleTest[] }) {
  const { t } = useI18n()
  return (
    <Panel title={t('rules.tests')} flush>
      {tests.length === 0 ? (
        <p className="panel-body muted">{t('rules.noTests')}</p>
      ) : (
        <ul className="rule-tests">
          {tests.map((test, index) => (
            <Test key={index} test={test} />
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Test({ test }: { test: RuleTest }) {
  const { t } = useI18n()
  const wants = test.kind === 'hit' ? t('rules.testHit') : t('rules.testSilence')
  return (
    <li>
      <details>
        <summary>
          <span className="rule-test-case">{caseOf(test.text) || wants}</span>
          <span className="muted small">{wants}</span>
          <Passed passed={test.passed} />
        </summary>
        {test.detail && <p className="rule-test-detail">{test.detail}</p>}
        <Code text={test.text} label={wants} />
      </details>
    </li>
  )
}

function Passed({ passed }: { passed: boolean | undefined }) {
  const { t } = useI18n()
  if (passed === undefined) return <span className="rule-test-result muted">{t('rules.notRun')}</span>
  return (
    <span className="rule-test-result" data-passed={passed}>
      <Icon name={passed ? 'check' : 'warn'} size={14} /> {passed ? t('rules.passed') : t('rules.failed')}
    </span>
  )
}

/** The name that a test's YAML gives it. */
function caseOf(text: string): string {
  return /^(?:- )?\s*case:\s*(.+)$/m.exec(text)?.[1]?.replace(/^(["'])(.*)\1$/, '$2') ?? ''
}
