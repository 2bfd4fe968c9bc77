"""A page on its way: what the reader does before the answer is here."""

import re

from playwright.sync_api import Page, Route

ASKED = re.compile(r"/_dash-update-component(\?|$)")


class Held:
    """Keeps the router's answers back until they are let go."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._routes: list[Route] = []
        page.route(ASKED, self._meet)

    def _meet(self, route: Route) -> None:
        if "_pages_content" in (route.request.post_data or ""):
            self._routes.append(route)
        else:
            route.continue_()

    def wait(self) -> None:
        for _try in range(600):
            if self._routes:
                return
            self._page.wait_for_timeout(50)
        raise AssertionError("the router asked nothing")

    def let_go(self) -> None:
        held, self._routes = self._routes, []
        for route in held:
            route.continue_()
        self._page.unroute(ASKED)
