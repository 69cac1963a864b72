# Loaded before bin/otrs.Daemon.pl (perl -Mforeground): its first fork, by which it would leave for the background, is
# answered as in the child. So the daemon stays the process that was started, and ends when that process is told to.
package foreground;

use strict;
use warnings;

BEGIN {
    my $Stayed;
    no warnings 'once';
    *CORE::GLOBAL::fork = sub { return $Stayed++ ? CORE::fork() : 0 };
}

1;
