import { useId, type ReactNode } from 'react'

type Props = { title: string; aside?: ReactNode; className?: string; flush?: boolean; children: ReactNode }

/** A titled section of a page. */
export function Panel({ title, aside, className, flush, children }: Props) {
  const id = useId()
  return (
    <section className={className ? `panel ${className}` : 'panel'} aria-labelledby={id}>
      <div className="panel-head">
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      {flush ? children : <div className="panel-body">{children}</div>}
    </section>
  )
}
