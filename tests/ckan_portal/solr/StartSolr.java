// java -cp 'JARS/*' StartSolr.java HOME PORT
import java.nio.file.Path;
import org.apache.solr.embedded.JettyConfig;
import org.apache.solr.embedded.JettySolrRunner;

/** Solr's own HTTP server, without the Solr distribution, on this machine alone. */
public class StartSolr {
  public static void main(String[] args) throws Exception {
    String home = Path.of(args[0]).toAbsolutePath().toString();
    System.setProperty("solr.solr.home", home);
    System.setProperty("solr.log.dir", home);
    System.setProperty("jetty.testMode", "true"); // listens on 127.0.0.1 only
    JettyConfig config =
        JettyConfig.builder().setContext("/solr").setPort(Integer.parseInt(args[1])).stopAtShutdown(true).build();
    new JettySolrRunner(home, config).start();
    Thread.currentThread().join();
  }
}
