#!/usr/bin/perl
# Sets settings of the help desk's SysConfig and deploys them at once. Run in the help desk's home by its user. Reads one
# JSON object from standard input: value by name of the setting.
use strict;
use warnings;
use utf8;

use lib '.', './Kernel/cpan-lib', './Custom';

use JSON ();
use Kernel::System::ObjectManager;

local $Kernel::OM = Kernel::System::ObjectManager->new( 'Kernel::System::Log' => { LogPrefix => 'settings' } );

my $Wanted  = JSON->new()->utf8(1)->decode( do { local $/; <STDIN> } );
my $Success = $Kernel::OM->Get('Kernel::System::SysConfig')->SettingsSet(
    UserID   => 1,
    Comments => 'settings.pl',
    Settings => [ map { { Name => $_, EffectiveValue => $Wanted->{$_}, IsValid => 1 } } sort keys %{$Wanted} ],
);
exit( $Success ? 0 : 1 );
