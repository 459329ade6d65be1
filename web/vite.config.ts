import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

const upstream = process.env['WARDER_URL'] ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { proxy: { '/api': { target: upstream, changeOrigin: false } } },
  preview: { proxy: { '/api': { target: upstream, changeOrigin: false } } },
  build: {
    outDir: 'dist',
    emptyOutDir: true, // public/KEEP comes back with every build
    sourcemap: false,
    assetsInlineLimit: 0, // the content security policy allows no data: scripts or fonts
    chunkSizeWarningLimit: 700,
  },
  test: {
    environment: 'jsdom',
    environmentOptions: { jsdom: { url: 'http://localhost/' } },
    setupFiles: ['./test/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
    pool: 'threads',
    isolate: false, // one jsdom for all files: starting it costs more than the tests
    maxWorkers: 1,
  },
})
