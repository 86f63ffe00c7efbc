"""Page, e-mail, stylesheet and script."""
