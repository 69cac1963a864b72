# The help desk's own configuration. Settings stand here and not in its SysConfig, whose deployment takes 14 seconds each.
package Kernel::Config;

use strict;
use warnings;
use utf8;

use Cwd            ();
use File::Basename ();

my $Home;
BEGIN { $Home = File::Basename::dirname( File::Basename::dirname( Cwd::abs_path(__FILE__) ) ) }

sub Load {
    my $Self = shift;

    $Self->{Home}       = $Home;
    $Self->{SecureMode} = 1;

    # The database listens on a socket beside the home folder and on no port.
    $Self->{DatabaseDSN}  = "DBI:Pg:dbname=otrs;host=$Home/../database.socket";
    $Self->{DatabaseUser} = 'otrs';
    $Self->{DatabasePw}   = 'none';

    $Self->{'LogModule'}          = 'Kernel::System::Log::File';
    $Self->{'LogModule::LogFile'} = "$Home/../log/otrs.log";
    $Self->{'SendmailModule'}     = 'Kernel::System::Email::DoNotSendEmail';
    $Self->{'CheckMXRecord'}      = 0;
    $Self->{'CheckEmailAddresses'} = 0;

    $Self->{'FQDN'}            = '127.0.0.1';
    $Self->{'HttpType'}        = 'http';
    $Self->{'DefaultLanguage'} = 'ru';

    # A Russian help desk writes its times in Moscow time, without saying so.
    $Self->{'OTRSTimeZone'}        = 'Europe/Moscow';
    $Self->{'UserDefaultTimeZone'} = 'Europe/Moscow';

    $Self->{'Ticket::Type'}        = 1;
    $Self->{'Ticket::Service'}     = 1;
    $Self->{'Ticket::Responsible'} = 1;

    # Archived tickets are left out of searches unless these ask for them.
    $Self->{'Ticket::ArchiveSystem'} = 1;

    return 1;
}

use Kernel::Config::Defaults;
use parent qw(Kernel::Config::Defaults);

1;
