"""What both programs share as programs: configuration, state database, lock, logs, exit codes."""
