# {{versions}}: {{install}}
# Caps open connections at the proxy: CONCURRENT_REQUESTS is the only one of Scrapy's limits that holds in a burst.
# {{not_capped}}
import asyncio
import sys
import time

import scrapy
from scrapy.crawler import CrawlerProcess

PROXY = {{proxy}}
CAP = {{cap}}
URLS = [
{{urls}}
]


class HoldSlot:
    """Frees a slot when the proxy has had time to see that the slot's connection is closed."""

    async def process_request(self, request):
        request.meta["started"] = time.monotonic()

    async def process_response(self, request, response):
        await self.hold(request, response.status)
        return response

    async def process_exception(self, request, exception):
        await self.hold(request, type(exception).__name__)

    async def hold(self, request, status):
        print(f"{status} {time.monotonic() - request.meta['started']:.3f}", flush=True)
        await asyncio.sleep(0.2)


class Fetch(scrapy.Spider):
    name = "fetch"
    failed = 0
    custom_settings = {
        "CONCURRENT_REQUESTS": CAP,
        "CONCURRENT_REQUESTS_PER_DOMAIN": CAP,
        "DEFAULT_REQUEST_HEADERS": {"Connection": "close"},  # idle connections would come on top
        "DOWNLOADER_MIDDLEWARES": {HoldSlot: 1000},
        "DOWNLOAD_TIMEOUT": 30,
    }

    async def start(self):
        for url in URLS:
            yield scrapy.Request(url, meta={"proxy": PROXY}, errback=self.failure, dont_filter=True)

    def parse(self, response):
        pass  # yours

    def failure(self, failure):
        self.logger.error(f"{failure.request.url}: {failure.value}")
        self.failed += 1


process = CrawlerProcess({"LOG_LEVEL": "WARNING"})
crawler = process.create_crawler(Fetch)
process.crawl(crawler)
process.start()
sys.exit(crawler.spider.failed > 0)
