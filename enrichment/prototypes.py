"""How a subnet of each category would describe itself: what a text is compared with, word by word."""

PROTOTYPES: dict[str, str] = {
    "llm-inference": """
        Miners serve open large language models and answer prompts of users. Validators send organic and
        synthetic prompts and reward fast, high quality completions. The network offers a chat and completion
        API with low latency, streaming of tokens and high throughput, so that applications can use
        conversational AI and reasoning models at low cost. Text generation, question answering, retrieval
        augmented answers and inference on demand.""",
    "llm-training": """
        Miners train and fine-tune machine learning models together. Validators evaluate each submitted model
        by its loss on held-out data and reward the best. Distributed pretraining over the internet with
        gradient compression, pipeline parallelism and checkpoints; reinforcement learning, post-training,
        instruction tuning with adapters and preference optimisation on custom datasets. The aim is a state of
        the art foundation model, better reasoning benchmarks and general intelligence, trained by a
        decentralised cluster.""",
    "data-feeds": """
        Miners collect, scrape, label, enrich and store data from the web and from social media. Validators
        check that it is fresh, unique and correct. Customers query a search API or buy datasets, leads,
        annotations and transcripts for analytics and for training AI. A real-time data layer with indexing,
        semantic search, metadata, structured conversations, human feedback and preference labels, company and
        contact data, oracles and feeds of facts.""",
    "serverless-compute": """
        A decentralised cloud: providers rent out GPUs, processors, storage and bandwidth, and users deploy
        containers, virtual machines and jobs on demand and pay for what they use. Validators benchmark the
        hardware, check its specification and uptime, and reward capacity. Cheap, scalable computing power for
        AI workloads, serverless functions, object storage and file transfer, node hosting and endpoints,
        quantum circuits on remote hardware.""",
    "ai-verification": """
        Checks whether content and answers of AI are genuine. Miners run detectors that tell AI-generated
        text, images, video and deepfakes from human work, verify claims and facts against sources, or produce
        cryptographic zero knowledge proofs that a model made a prediction. Verifiable inference, proof of
        computation, trust, authenticity and provenance of media, misinformation, hallucination, alignment and
        safety of models.""",
    "confidential-compute": """
        Confidential computing on hardware with trusted execution environments: enclaves, encrypted memory,
        secure boot and remote attestation keep models and data hidden from the operator of the machine.
        Private and encrypted inference, homomorphic encryption and multi-party computation on sensitive data,
        with hardware level proof that a workload ran in isolation.""",
    "hashrate-mining": """
        Miners point the hash power of their machines at a pool. Proof of work mining of Bitcoin and other
        coins with specialised chips; validators measure accepted shares, difficulty and hashrate, and rewards
        follow the work. Merged mining, payouts of block rewards, solo and pooled mining, mining farms and
        their electricity.""",
    "finance-trading": """
        Miners trade, forecast and invest. They submit trading signals, price predictions and portfolios for
        crypto, stocks, currencies and commodities, or predict the outcome of sports and of events in
        prediction markets. Validators score returns, drawdown, risk and calibration. Decentralised finance:
        lending, yield, liquidity provision, vaults, swaps between chains, market making, stablecoins,
        collateral, hedge funds, settlement and payments.""",
    "security-auditing": """
        Finds vulnerabilities and stops attacks. Miners audit smart contracts and code, write exploits and
        defences, detect bots, fraud, malware and intrusions, and test systems against adversaries. Red
        teaming, penetration tests, threat intelligence, identity and sanctions screening, compliance,
        anti-cheating, protection from denial of service, guardrails against prompt injection and jailbreaks.
        Security challenges rank the best solutions.""",
    "privacy-anonymity": """
        A private network that hides who talks to whom. Nodes offer virtual private network connections and
        proxies in many countries so that people can browse anonymously, mask their address and location, and
        get around censorship and surveillance. Anonymity, relays and exit nodes, encrypted private
        communication and transactions, protection of personal data.""",
    "media-vision": """
        Miners generate or understand images, video, sound and three-dimensional scenes. Computer vision
        models detect and track objects in footage from cameras, classify pictures, annotate matches and
        roads. Text to image, text to video, text to 3D assets, gaussian splatting, rendering, animation,
        music and speech generation, upscaling, compression and streaming of video. Validators rate visual
        quality.""",
    "science-research": """
        Solves scientific problems with distributed computing. Miners fold proteins, search for drug
        molecules, analyse genomes and medical images, forecast weather and climate from satellite and sensor
        data, solve hard combinatorial optimisation and graph problems, prove theorems, design chips, and
        train robots and drones to navigate in simulation. For researchers in biology, chemistry, physics,
        mathematics, medicine, environment and robotics.""",
    "consumer-ai": """
        Products that people use every day: AI companions and characters with personality, games and esports,
        personal assistants, live translation, shopping and product recommendations, advertising and marketing
        with content creators and influencers, education, health and lifestyle apps, social apps, recruiting
        and digital workers. Engagement of users, viewers and customers decides the reward.""",
    "dev-tooling": """
        Tools for those who write software. Coding agents fix issues in repositories, write code, tests and
        pull requests and are ranked by benchmarks of software engineering. Frameworks, libraries and servers
        give AI agents tools, context and memory; web agents automate browsers; workflows, integrations,
        chunking and compression of context help developers to build applications. Rewards for open source
        contributions that were merged.""",
}
