"""`python -m benchmarks` prints one object with the machine and a ratio measured in the same run."""

import json

from benchmarks.__main__ import main


def test_throughput_prints_the_record(capsys):
    assert main(["throughput", "--quick", "--format", "json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["benchmark"] == "throughput" and record["machine"]["torch"]
    case = record["figures"]["kl_univariate"]
    assert case["samples_per_second"] > 0
    assert case["ratio_to_torch_eager"] == case["samples_per_second"] / case["torch_eager_samples_per_second"]
    assert main(["throughput", "--quick"]) == 0
    assert "ratio_to_torch_eager" in capsys.readouterr().out
