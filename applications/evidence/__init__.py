"""What happened to one application, so written that an outsider can check it (audit/bundle) and a person read it."""
