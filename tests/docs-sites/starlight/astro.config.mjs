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
    }),
  ],
});
