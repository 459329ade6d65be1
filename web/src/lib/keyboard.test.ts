import { describe, expect, it } from 'vitest'
import { commandFor } from './keyboard'

function press(key: string, more: Partial<KeyboardEvent> = {}): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, ctrlKey: more.ctrlKey ?? false })
  Object.defineProperty(event, 'target', { value: more.target ?? document.body })
  return event
}

describe('keyboard map', () => {
  it.each([
    ['j', 'next'],
    ['k', 'previous'],
    ['ArrowDown', 'next'],
    ['ArrowUp', 'previous'],
    ['Enter', 'open'],
    ['a', 'acknowledge'],
    ['A', 'acknowledge'],
    ['e', 'escalate'],
    ['s', 'shelve'],
    ['d', 'dispatch'],
    ['/', 'search'],
    ['?', 'help'],
  ])('%s means %s', (key, command) => expect(commandFor(press(key))).toBe(command))

  it('leaves other keys and chords alone', () => {
    expect(commandFor(press('x'))).toBeUndefined()
    expect(commandFor(press('a', { ctrlKey: true }))).toBeUndefined()
  })

  it.each(['input', 'textarea', 'select'])('is silent while somebody types in a %s', (tag) => {
    expect(commandFor(press('a', { target: document.createElement(tag) }))).toBeUndefined()
  })

  it('lets Enter press a focused button or link', () => {
    expect(commandFor(press('Enter', { target: document.createElement('button') }))).toBeUndefined()
    expect(commandFor(press('j', { target: document.createElement('button') }))).toBe('next')
  })

  it('is silent behind an open dialog', () => {
    document.body.innerHTML = '<dialog open></dialog>'
    expect(commandFor(press('a'))).toBeUndefined()
    document.body.innerHTML = ''
  })
})
