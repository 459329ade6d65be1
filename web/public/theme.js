// Runs before the first paint, so that a dark room stays dark while the page loads.
;(function () {
  var choice = null
  try {
    choice = localStorage.getItem('warder.theme')
  } catch (e) {
    choice = null
  }
  var dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
})()
