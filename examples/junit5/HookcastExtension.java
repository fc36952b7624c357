import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A running `hookcast serve`: copy this file. */
public class HookcastExtension implements BeforeAllCallback, AfterAllCallback {
  private Process process;
  private String url;

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    String command = System.getenv().getOrDefault("HOOKCAST_COMMAND", "npx hookcast");
    process = new ProcessBuilder((command + " serve --port 0 --json").split(" "))
        .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String line = new BufferedReader(new InputStreamReader(process.getInputStream())).readLine();
    url = line.replaceAll(".*\"url\":\"([^\"]+)\".*", "$1");
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    process.destroy();
    process.waitFor();
  }

  /** Returns the answer's JSON; throws with the server's explanation. */
  public String call(String method, String path, String json) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
        .header("Content-Type", "application/json")
        .method(method, HttpRequest.BodyPublishers.ofString(json)).build();
    var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    if (answer.statusCode() >= 400) throw new AssertionError(answer.body());
    return answer.body();
  }
}
