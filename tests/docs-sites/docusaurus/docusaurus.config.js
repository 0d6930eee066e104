export default {
  title: 'Proxy guide',
  url: 'https://example.com',
  baseUrl: '/docs/v1/',
  plugins: [['@docusaurus/plugin-content-docs', { routeBasePath: '/' }]],
  themes: ['@docusaurus/theme-classic'],
  clientModules: ['./src/proxy-concurrency.js'],
};
