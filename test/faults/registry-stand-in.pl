# NOT a registry: a stand-in on loopback that answers 429 to everything while /srv/registry/busy is there, and otherwise
# hands each connection on to the registry of the host.
use strict;
use IO::Select;
use IO::Socket::INET;
$SIG{CHLD} = 'IGNORE';
my $door = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 5055, Listen => 64, ReuseAddr => 1) or die $!;
while (1) {
  my $in = $door->accept or next;
  next if fork;
  if (-e '/srv/registry/busy') {
    sysread($in, my $asked, 65536);
    my $body = '{"errors":[{"code":"TOOMANYREQUESTS","message":"You have reached your pull rate limit."}]}';
    my $head = "HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\nRetry-After: 1\r\nConnection: close\r\n";
    syswrite($in, $head . 'Content-Length: ' . length($body) . "\r\n\r\n" . $body);
    exit;
  }
  my $out = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => 5000) or exit;
  my $both = IO::Select->new($in, $out);
  while (my @ready = $both->can_read) {
    for my $from (@ready) {
      sysread($from, my $bytes, 65536) or exit;
      my $to = $from == $in ? $out : $in;
      while (length $bytes) { substr($bytes, 0, syswrite($to, $bytes) || exit) = '' }
    }
  }
  exit;
}
