mode=load
