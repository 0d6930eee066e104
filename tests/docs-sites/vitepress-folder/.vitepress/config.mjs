import { defineConfig } from 'vitepress';

export default defineConfig({
  title: 'Proxy guide',
  base: '/docs/v1/',
  head: [['script', { type: 'module', src: '/docs/v1/proxy-concurrency/proxy-concurrency.js' }]],
  vue: { template: { compilerOptions: { isCustomElement: (tag) => tag === 'proxy-concurrency' } } },
});
