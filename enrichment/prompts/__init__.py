"""What models are told. A changed word changes the hash of the pipeline, and with it what is due anew."""
