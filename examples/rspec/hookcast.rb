# A running `hookcast serve` for examples: copy this file, require it, and use `hookcast`.
require 'json'
require 'net/http'

class Hookcast
  COMMAND = ENV.fetch('HOOKCAST_COMMAND', 'npx hookcast').split

  def initialize
    @output = IO.popen([*COMMAND, 'serve', '--port', '0', '--json'])
    @url = JSON.parse(@output.gets).fetch('url')
  end

  def stop
    Process.kill('TERM', @output.pid)
    @output.close
  end

  # Returns the answer's JSON; raises with the server's explanation.
  def call(method, path, body = nil)
    uri = URI(@url + path)
    request = Net::HTTPGenericRequest.new(method, !body.nil?, true, uri, 'Content-Type' => 'application/json')
    request.body = JSON.generate(body) if body
    answer = Net::HTTP.start(uri.host, uri.port) { |http| http.request(request) }
    raise JSON.parse(answer.body).fetch('detail') unless answer.is_a?(Net::HTTPSuccess)
    answer['Content-Type'].to_s.include?('json') ? JSON.parse(answer.body) : answer.body
  end

  def send_event(event, **options)
    call('POST', '/v1/deliveries?wait=settled', { event: event, **options })
  end
end
