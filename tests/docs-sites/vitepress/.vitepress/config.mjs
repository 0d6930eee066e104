import { defineConfig } from 'vitepress';

export default defineConfig({
  title: 'Proxy guide',
  base: '/docs/v1/',
  vue: { template: { compilerOptions: { isCustomElement: (tag) => tag === 'proxy-concurrency' } } },
  vite: { optimizeDeps: { exclude: ['proxy-concurrency'] } },
});
