// READ THIS FIRST: the way one mail takes, as calls.
