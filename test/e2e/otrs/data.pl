#!/usr/bin/perl
# Fills an empty help desk with the sample installation. Run in the help desk's home by its user; the password of every
# account comes as JSON on standard input ({"root@localhost": "...", "bridge": "...", ...}); writes {"bridge": 2, ...},
# the user id of every agent, as JSON to standard output.
use strict;
use warnings;
use utf8;

use lib '.', './Kernel/cpan-lib', './Custom';

use JSON ();
use Kernel::System::ObjectManager;

local $Kernel::OM = Kernel::System::ObjectManager->new( 'Kernel::System::Log' => { LogPrefix => 'data' } );

my $Passwords = JSON::decode_json( do { local $/; <STDIN> } );
my @By        = ( ValidID => 1, UserID => 1 );

sub Module { return $Kernel::OM->Get("Kernel::System::$_[0]") }
# What is done comes first: a refusal of the help desk is an empty list.
sub Sure {
    my ( $What, $Value ) = @_;
    return $Value || die "the help desk refused $What\n";
}

sub Password { return $Passwords->{ $_[0] } || die "no password was given for $_[0]\n" }

Sure( 'root password', Module('User')->SetPassword( UserLogin => 'root@localhost', PW => Password('root@localhost') ) );

# Groups: who may see what. The bridge reads and writes nttm and adjacent; others is closed to it.
my %Group = map { $_ => Sure( "group $_", Module('Group')->GroupAdd( Name => $_, @By ) ) } qw(nttm adjacent others);
my %Stock = reverse Module('Group')->GroupList( Valid => 1 );

my %Agent;
for (
    [ 'bridge',     'Мост',   'OTRS-JIRA', [ $Group{nttm},   $Group{adjacent} ] ],
    [ 'petrova.2l', 'Мария',  'Петрова',   [ $Stock{users},  $Group{nttm}, $Group{adjacent}, $Group{others} ] ],
    [ 'sidorov.3l', 'Пётр',   'Сидоров',   [ $Stock{users},  $Group{nttm}, $Group{adjacent} ] ],
    )
{
    my ( $Login, $First, $Last, $Groups ) = @{$_};
    $Agent{$Login} = Sure(
        "agent $Login",
        Module('User')->UserAdd(
            UserLogin     => $Login,
            UserFirstname => $First,
            UserLastname  => $Last,
            UserEmail     => "$Login\@example.test",
            UserPw        => Password($Login),
            ValidID       => 1,
            ChangeUserID  => 1,
        )
    );
    Permit( $Agent{$Login}, @{$Groups} );
}
Permit( 1, values %Group );

sub Permit {
    my ( $UserID, @GroupIDs ) = @_;
    for my $GroupID (@GroupIDs) {
        Sure(
            "permission of user $UserID",
            Module('Group')->PermissionGroupUserAdd(
                GID        => $GroupID,
                UID        => $UserID,
                Permission => { map { $_ => 1 } qw(ro move_into create note owner priority rw) },
                UserID     => 1,
            )
        );
    }
    return;
}

for (
    [ 'NTTM',                           'nttm' ],
    [ 'NTTM::1ЛТП',                     'nttm' ],
    [ 'NTTM::2ЛТП',                     'nttm' ],
    [ 'NTTM::3ЛТП',                     'nttm' ],
    [ 'Смежные системы',                'adjacent' ],
    [ 'Смежные системы::ЕИП',           'adjacent' ],
    [ 'Смежные системы::Netrac Teoco',  'adjacent' ],
    [ 'Смежные системы::DWH',           'adjacent' ],
    [ 'Прочее',                         'others' ],
    )
{
    my ( $Name, $GroupName ) = @{$_};
    Sure(
        "queue $Name",
        Module('Queue')->QueueAdd(
            Name            => $Name,
            GroupID         => $Group{$GroupName},
            SystemAddressID => 1,
            SalutationID    => 1,
            SignatureID     => 1,
            FollowUpID      => 1,
            @By,
        )
    );
}

Sure( "type $_", Module('Type')->TypeAdd( Name => $_, @By ) ) for ( 'Инцидент', 'Запрос на обслуживание' );
Sure( "priority $_", Module('Priority')->PriorityAdd( Name => $_, @By ) )
    for ( '1 Критичный', '2 Высокий', '3 Средний', '4 Низкий' );

for my $Name (
    'NTTM: Техническая поддержка', 'NTTM: Предоставление доступа к системе', 'NTTM: Решение проблем с доступом',
    'ЕИП: Техническая поддержка',  'Netrac Teoco: Техническая поддержка',    'DWH: Техническая поддержка',
    )
{
    my $ServiceID = Sure( "service $Name", Module('Service')->ServiceAdd( Name => $Name, @By ) );

    # <DEFAULT> stands for every customer user without services of their own.
    Module('Service')->CustomerUserServiceMemberAdd(
        CustomerUserLogin => '<DEFAULT>',
        ServiceID         => $ServiceID,
        Active            => 1,
        UserID            => 1,
    );
}

my %StateType = reverse Module('State')->StateTypeList( UserID => 1 );
for (
    [ 'Назначено',                   'new' ],
    [ 'В работе',                    'open' ],
    [ 'Ожидание информации',         'pending reminder' ],
    [ 'Передано на 3ЛТП',            'open' ],
    [ 'Временное решение',           'open' ],
    [ 'Решено',                      'open' ],
    [ 'Ожидает установки обновления', 'open' ],
    [ 'Закрыто',                     'closed' ],
    )
{
    my ( $Name, $Type ) = @{$_};
    Sure( "state $Name", Module('State')->StateAdd( Name => $Name, TypeID => $StateType{$Type}, @By ) );
}

my %Closure = (
    fixed        => 'Устранён дефект',
    workaround   => 'Временное решение',
    consultation => 'Консультация',
    impossible   => 'Невозможно выполнить',
    duplicate    => 'Дубликат',
);
my %Configuration = (
    bpm         => 'BPM движок',
    db          => 'БД',
    app         => 'Сервер приложений',
    ui          => 'Интерфейс',
    integration => 'Интеграция',
);
my $Order = 100;
for (
    [ 'Ticket',  'JiraKey',          'Text',     'Задача JIRA' ],
    [ 'Ticket',  'JiraStatus',       'Text',     'Статус в JIRA' ],
    [ 'Ticket',  'JiraUrl',          'Text',     'Ссылка на задачу' ],
    [ 'Ticket',  'ClosureCode',      'Dropdown', 'Код закрытия', { PossibleNone => 1, PossibleValues => \%Closure } ],
    [ 'Ticket',  'Solution',         'TextArea', 'Решение', { Rows => 6, Cols => 60 } ],
    [ 'Ticket',  'ConfigItem',       'Dropdown', 'Конфигурационная единица', { PossibleNone => 1, PossibleValues => \%Configuration } ],
    [ 'Ticket',  'NeedDevelopment',  'Checkbox', 'Нужна доработка' ],
    [ 'Ticket',  'InfoComplete',     'Dropdown', 'Сведения', { PossibleNone => 1, PossibleValues => { complete => 'Полные', incomplete => 'Неполные' } } ],
    [ 'Ticket',  'DiagnosisDone',    'Checkbox', 'Диагностика завершена' ],
    [ 'Ticket',  'Workaround',       'Dropdown', 'Временное решение', { PossibleNone => 1, PossibleValues => { given => 'Предоставлено', failed => 'Не помогло' } } ],
    [ 'Ticket',  'UpdateInstalled',  'Checkbox', 'Обновление установлено' ],
    [ 'Ticket',  'RelatedSystem',    'Dropdown', 'Смежная система', { PossibleNone => 1, PossibleValues => { eip => 'ЕИП', netrac => 'Netrac Teoco', dwh => 'DWH' } } ],
    [ 'Ticket',  'ExternalNumber',   'Text',     'Номер во внешней системе' ],
    [ 'Ticket',  'ApprovedBy',       'TextArea', 'Согласовали', { Rows => 3, Cols => 60 } ],
    [ 'Ticket',  'ApprovalRefused',  'Text',     'Отказ в согласовании' ],
    [ 'Ticket',  'ApprovalStatus',   'Text',     'Ход согласования' ],
    [ 'Ticket',  'NeedLine2',        'Checkbox', 'Нужна 2ЛТП' ],
    [ 'Ticket',  'InheritedStart',   'DateTime', 'Начало срока' ],
    [ 'Ticket',  'RelatedTickets',   'Text',     'Связанные заявки' ],
    [ 'Ticket',  'ParentTicket',     'Text',     'Исходное обращение' ],
    [ 'Ticket',  'BridgeMark',       'Text',     'Метка моста' ],
    [ 'Ticket',  'ReturnReason',     'Text',     'Причина возврата' ],
    [ 'Ticket',  'Returns',          'Text',     'Возвратов' ],
    [ 'Ticket',  'SlaReactionDue',   'DateTime', 'Срок реакции' ],
    [ 'Ticket',  'SlaDiagnosisDue',  'DateTime', 'Срок диагностики' ],
    [ 'Ticket',  'SlaWorkaroundDue', 'DateTime', 'Срок временного решения' ],
    [ 'Ticket',  'SlaResolutionDue', 'DateTime', 'Срок постоянного решения' ],
    [ 'Ticket',  'SlaStatus',        'Text',     'Ход срока' ],
    [ 'Article', 'BridgeExternalId', 'Text',     'Метка моста' ],
    )
{
    my ( $Object, $Name, $Type, $Label, $Config ) = @{$_};
    Sure(
        "dynamic field $Name",
        Module('DynamicField')->DynamicFieldAdd(
            ObjectType => $Object,
            Name       => $Name,
            Label      => $Label,
            FieldType  => $Type,
            FieldOrder => $Order++,
            Config     => { DefaultValue => '', Link => '', %{ $Config || {} } },
            Reorder    => 0,
            @By,
        )
    );
}

for (
    [ 'MRF-VOLGA',   'МРФ «Волга»',  'user.volga',   'Анна', 'Кузнецова', 'anna@example.test' ],
    [ 'MRF-SIBERIA', 'МРФ «Сибирь»', 'user.siberia', 'Иван', 'Смирнов',   'ivan@example.test' ],
    )
{
    my ( $Company, $CompanyName, $Login, $First, $Last, $Email ) = @{$_};
    Sure(
        "customer company $Company",
        Module('CustomerCompany')->CustomerCompanyAdd( CustomerID => $Company, CustomerCompanyName => $CompanyName, @By )
    );
    Sure(
        "customer user $Login",
        Module('CustomerUser')->CustomerUserAdd(
            Source         => 'CustomerUser',
            UserLogin      => $Login,
            UserFirstname  => $First,
            UserLastname   => $Last,
            UserEmail      => $Email,
            UserCustomerID => $Company,
            UserPassword   => Password($Login),
            @By,
        )
    );
}

print JSON::encode_json( { map { $_ => $Agent{$_} + 0 } keys %Agent } ), "\n";
$Kernel::OM->ObjectsDiscard();
