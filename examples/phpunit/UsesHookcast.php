<?php

/** A running `hookcast serve`: copy this file and `use UsesHookcast;` in a TestCase. */
trait UsesHookcast
{
    private static $hookcast;
    private static string $hookcastUrl;

    public static function setUpBeforeClass(): void
    {
        $command = explode(' ', getenv('HOOKCAST_COMMAND') ?: 'npx hookcast');
        array_push($command, 'serve', '--port', '0', '--json');
        self::$hookcast = proc_open($command, [1 => ['pipe', 'w'], 2 => STDERR], $pipes);
        self::$hookcastUrl = json_decode(fgets($pipes[1]), true)['url'];
    }

    public static function tearDownAfterClass(): void
    {
        proc_terminate(self::$hookcast);
    }

    /** Returns the answer's JSON; fails with the server's explanation. */
    protected function hookcast(string $method, string $path, ?array $body = null): array
    {
        $http = [
            'method' => $method,
            'header' => 'Content-Type: application/json',
            'content' => $body === null ? '' : json_encode($body),
            'ignore_errors' => true,
        ];
        $text = file_get_contents(self::$hookcastUrl . $path, false, stream_context_create(['http' => $http]));
        $answer = json_decode($text, true);
        $this->assertArrayNotHasKey('code', $answer, $answer['detail'] ?? '');
        return $answer;
    }
}
