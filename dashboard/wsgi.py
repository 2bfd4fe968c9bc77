"""What gunicorn serves: ``dashboard.wsgi:server``."""

import logging

from config import settings
from dashboard.app import create_app

logging.basicConfig(level=settings().log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
logging.getLogger("polisee.web").setLevel(settings().log_level)

app = create_app()
server = app.server
