// Decodes each line of standard input, a document in hexadecimal, as containerd and runc do, and
// writes what came of it as a line of JSON, or "refused".
package main

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
)

type argument struct {
	Index    uint   `json:"index,omitempty"`
	Value    uint64 `json:"value,omitempty"`
	ValueTwo uint64 `json:"valueTwo,omitempty"`
	Op       string `json:"op,omitempty"`
}

type rule struct {
	Names    []string   `json:"names,omitempty"`
	Action   string     `json:"action,omitempty"`
	ErrnoRet *uint      `json:"errnoRet,omitempty"`
	Args     []argument `json:"args,omitempty"`
}

type profile struct {
	DefaultAction    string   `json:"defaultAction,omitempty"`
	DefaultErrnoRet  *uint    `json:"defaultErrnoRet,omitempty"`
	Architectures    []string `json:"architectures,omitempty"`
	Flags            []string `json:"flags,omitempty"`
	ListenerPath     string   `json:"listenerPath,omitempty"`
	ListenerMetadata string   `json:"listenerMetadata,omitempty"`
	Syscalls         []rule   `json:"syscalls,omitempty"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<22)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for lines.Scan() {
		content, err := hex.DecodeString(lines.Text())
		if err != nil {
			panic(err)
		}
		var decoded profile
		if json.Unmarshal(content, &decoded) != nil {
			fmt.Fprintln(out, "refused")
			continue
		}
		text, err := json.Marshal(decoded)
		if err != nil {
			panic(err)
		}
		fmt.Fprintln(out, string(text))
	}
}
