export default {
  title: 'Proxy guide',
  url: 'https://example.com',
  baseUrl: '/docs/v1/',
  plugins: [['@docusaurus/plugin-content-docs', { routeBasePath: '/' }]],
  themes: ['@docusaurus/theme-classic'],
  scripts: [{ src: '/docs/v1/proxy-concurrency/proxy-concurrency.js', type: 'module' }],
};
