"""How somebody proves who they are: password, second factor, provider; and the till that several people share."""
