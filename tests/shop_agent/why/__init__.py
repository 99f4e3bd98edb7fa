"""Why an article is (not) on the site."""
