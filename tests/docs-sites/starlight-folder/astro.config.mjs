import starlight from '@astrojs/starlight';
import { defineConfig } from 'astro/config';

export default defineConfig({
  base: '/docs/v1',
  integrations: [
    starlight({
      title: 'Proxy guide',
      // No search.
      pagefind: false,
      components: { Head: './src/components/Head.astro' },
      head: [{ tag: 'script', attrs: { type: 'module', src: '/docs/v1/proxy-concurrency/proxy-concurrency.js' } }],
    }),
  ],
});
