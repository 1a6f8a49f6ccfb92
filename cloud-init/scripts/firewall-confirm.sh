mode=confirm
