"""Photos: uploaded once, recognised by hash, asked of the till only when they are needed.

Only images that we uploaded are ever replaced or deleted; one that people took off the site is not
put back, and one that they put there is found again by its look instead of doubled. The bytes
travel on request: what is wanted and not here is asked for, a few at a time.

    Photos(desk).run(full=False)
"""

from shop_agent.photos.run import Photos

__all__ = ["Photos"]
