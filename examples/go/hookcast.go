// Package hookcast runs `hookcast serve` for tests: copy this file.
package hookcast

import ("bufio"; "bytes"; "encoding/json"; "fmt"; "net/http"; "os"; "os/exec")

type Server struct {
	URL     string `json:"url"`
	process *exec.Cmd
}

func Start(command ...string) (*Server, error) {
	process := exec.Command(command[0], append(command[1:], "serve", "--port", "0", "--json")...)
	output, err := process.StdoutPipe()
	if err != nil || process.Start() != nil {
		return nil, fmt.Errorf("%v cannot be started", command)
	}
	line, _ := bufio.NewReader(output).ReadBytes('\n')
	server := &Server{process: process}
	return server, json.Unmarshal(line, server)
}

func (s *Server) Stop() { s.process.Process.Signal(os.Interrupt); s.process.Wait() }

// Call decodes the answer's JSON into answer; an error has the server's explanation.
func (s *Server) Call(method, path string, body, answer any) error {
	content, _ := json.Marshal(body)
	request, _ := http.NewRequest(method, s.URL+path, bytes.NewReader(content))
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil { return err }
	defer response.Body.Close()
	if response.StatusCode < 400 { return json.NewDecoder(response.Body).Decode(answer) }
	var problem struct{ Detail string }
	json.NewDecoder(response.Body).Decode(&problem)
	return fmt.Errorf("%s", problem.Detail)
}
