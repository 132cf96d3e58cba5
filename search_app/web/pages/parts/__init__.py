"""What the pages say: plain values, ready to be written; the templates only loop over them."""
